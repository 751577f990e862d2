/*
 * Listening as both servers do: on 127.0.0.1 and the addresses after it, so that each client process can have all of an
 * address's ports, whatever an earlier one left in TIME_WAIT.
 */
#ifndef WSRALLY_BENCH_LISTEN_H
#define WSRALLY_BENCH_LISTEN_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "system.h"

/* As many as loopbackAddresses of backend.js says. */
#define LISTENERS 64

static char is_listener[DESCRIPTORS_MAX];

/* Adds the listeners to the epoll. Returns the port, which the kernel chooses. */
static int listen_on_loopback(int epoll) {
  int one = 1, port = 0;
  for (int i = 0; i < LISTENERS; i++) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + i);
    if (bind(fd, (struct sockaddr *)&address, size) != 0) fail("bind");
    if (listen(fd, 4096) != 0) fail("listen");
    getsockname(fd, (struct sockaddr *)&address, &size);
    port = ntohs(address.sin_port);
    is_listener[fd] = 1;
    watch(epoll, fd);
  }
  return port;
}

static int accept_next(int listener) {
  int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

#endif
