/*
 * Listening as both servers do: on 127.0.0.1 and the addresses after it, so that each client process can have all of an
 * address's ports, whatever an earlier one left in TIME_WAIT.
 */
#ifndef WSRALLY_BENCH_LISTEN_H
#define WSRALLY_BENCH_LISTEN_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system.h"

/* As many as loopbackAddresses of backend.js says. */
#define LISTENERS 64

static char is_listener[DESCRIPTORS_MAX];

/* Binds one socket for each address. Returns 0 where the port is taken on one of them. */
static int bind_all(int fds[LISTENERS], int port) {
  int one = 1;
  for (int i = 0; i < LISTENERS; i++) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + i);
    fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fds[i], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fds[i], (struct sockaddr *)&address, size) != 0) {
      for (; i >= 0; i--) close(fds[i]);
      return 0;
    }
    getsockname(fds[i], (struct sockaddr *)&address, &size);
    port = ntohs(address.sin_port);
  }
  return port;
}

/* Adds the listeners to the epoll. Returns the port, which the kernel chooses for the first address. */
static int listen_on_loopback(int epoll) {
  int fds[LISTENERS], port = 0;
  for (int tries = 0; port == 0; tries++) {
    port = bind_all(fds, 0);
    if (port == 0 && tries == 100) fail("bind");
  }
  for (int i = 0; i < LISTENERS; i++) {
    if (listen(fds[i], 4096) != 0) fail("listen");
    is_listener[fds[i]] = 1;
    watch(epoll, fds[i]);
  }
  return port;
}

static int accept_next(int listener) {
  int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

#endif
