/*
 * The backend of every comparison: answers `ping` with `pong` over epoll, at the least cost a server can have, so that
 * the generator is what is measured. It prints its port, and serves until it is ended. It reads neither masks nor
 * payloads: every frame but a close is taken for a ping. A frame that comes in parts ends its connection, for none does
 * over loopback.
 *
 * pong-server spin|sleep: with `spin` it never sleeps, for a client that has to wake it pays for that in its send(), so
 * that the slower client, which leaves the server more time to sleep, would also seem to cost more. `sleep` is for a
 * processor that is shared.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "listen.h"
#include "websocket.h"

static char is_upgraded[DESCRIPTORS_MAX];
static unsigned char input[65536 + 1];
static unsigned char output[65536];

static void accept_all(int epoll, int listener) {
  int fd;
  while ((fd = accept_next(listener)) >= 0) {
    is_upgraded[fd] = 0;
    watch(epoll, fd);
  }
}

/* Returns 0 when the connection is over. */
static int answer_frames(int fd, ssize_t length) {
  ssize_t at = 0, size = 0;
  while (at + 6 <= length) {
    int opcode = input[at] & 15, payload = input[at + 1] & 127;
    at += 6 + payload;
    if (payload > 125 || at > length) return 0;
    if (opcode == 8) {
      send(fd, "\x88\x02\x03\xe8", 4, MSG_NOSIGNAL);
      return 0;
    }
    memcpy(output + size, "\x81\x04pong", 6);
    size += 6;
  }
  return at == length && send(fd, output, size, MSG_NOSIGNAL) == size;
}

static void serve(int fd) {
  ssize_t length = recv(fd, input, sizeof input - 1, 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length > 0 && is_upgraded[fd] && answer_frames(fd, length)) return;
  if (length > 0 && !is_upgraded[fd] && answer_upgrade(fd, (char *)input, length)) is_upgraded[fd] = 1;
  else close(fd);
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  int timeout_ms = strcmp(arguments[1], "spin") == 0 ? 0 : -1;
  raise_descriptor_limit();
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  printf("{\"port\":%d}\n", listen_on_loopback(epoll));
  fflush(stdout);
  struct epoll_event events[64];
  for (;;) {
    int ready = epoll_wait(epoll, events, 64, timeout_ms);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (is_listener[fd]) accept_all(epoll, fd);
      else serve(fd);
    }
  }
}
