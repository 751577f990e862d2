/*
 * A backend whose delays are known: it answers each ping a set time after the kernel received it, one in so many after a
 * longer one, and notes how long it really took, from the kernel's receive stamp until the middle of its own send, which
 * on loopback is when the client's kernel receives the answer, give or take 3 µs. It looks at the clock all the time, so
 * that an answer is late by a microsecond or two where nobody takes its processor. At SIGTERM it prints the percentiles
 * of what it noted: the truth that a client's figures are held to.
 *
 * delay-server FAST_US SLOW_US SLOW_EVERY SKIP; the first SKIP pings, those of a warm-up, are not noted
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "listen.h"
#include "websocket.h"

#define WAITING_MAX 65536
#define NOTES_MAX 10000000

struct answer {
  int fd;
  int64_t received_ns;
};

/* Answers of one delay fall due in the order in which they were asked for. */
struct queue {
  int64_t delay_ns;
  unsigned first, next;
  struct answer waiting[WAITING_MAX];
};

static char is_upgraded[DESCRIPTORS_MAX];
static unsigned char input[65536 + 1];
static struct queue fast, slow;
static int64_t notes[NOTES_MAX];
/* Below 0 while the first ones are skipped. */
static int noted;
static volatile sig_atomic_t is_over;

static void end(int signal) {
  (void)signal;
  is_over = 1;
}

/* A masked ping: read one by one, each has its own stamp. */
#define PING_BYTES 10

/* Returns the bytes read; the stamp is in CLOCK_REALTIME. */
static ssize_t receive(int fd, int64_t *stamp_ns) {
  char control[64];
  struct iovec part = {.iov_base = input, .iov_len = is_upgraded[fd] ? PING_BYTES : sizeof input - 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  ssize_t length = recvmsg(fd, &message, 0);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *stamp_ns = 0;
  if (length > 0 && header != NULL && header->cmsg_type == SCM_TIMESTAMPNS) {
    struct timespec stamp;
    memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
    *stamp_ns = stamp.tv_sec * 1000000000LL + stamp.tv_nsec;
  }
  return length;
}

static void put(struct queue *queue, int fd, int64_t received_ns) {
  if (queue->next - queue->first == WAITING_MAX) fail("too many at once");
  queue->waiting[queue->next++ % WAITING_MAX] = (struct answer){.fd = fd, .received_ns = received_ns};
}

static void serve(int fd, int slow_every) {
  static int pings;
  int64_t received_ns;
  ssize_t length = receive(fd, &received_ns);
  if (length < 0 && errno == EAGAIN) return;
  if (length > 0 && !is_upgraded[fd] && answer_upgrade(fd, (char *)input, length)) {
    is_upgraded[fd] = 1;
    return;
  }
  if (length <= 0 || !is_upgraded[fd] || (input[0] & 15) == 8) {
    if (length > 0 && is_upgraded[fd]) send(fd, "\x88\x02\x03\xe8", 4, MSG_NOSIGNAL);
    close(fd);
    return;
  }
  if (length != PING_BYTES || received_ns == 0) fail("not one ping with a stamp");
  put(++pings % slow_every == 0 ? &slow : &fast, fd, received_ns);
}

static void answer_due(struct queue *queue) {
  while (queue->first != queue->next) {
    struct answer *answer = &queue->waiting[queue->first % WAITING_MAX];
    int64_t before_ns = read_clock_ns(CLOCK_REALTIME);
    if (before_ns - answer->received_ns < queue->delay_ns) return;
    queue->first++;
    if (send(answer->fd, "\x81\x04pong", 6, MSG_NOSIGNAL) != 6 || noted == NOTES_MAX) continue;
    int64_t after_ns = read_clock_ns(CLOCK_REALTIME);
    if (noted >= 0) notes[noted] = before_ns + (after_ns - before_ns) / 2 - answer->received_ns;
    noted++;
  }
}

static int by_size(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* Nearest rank. */
static long long percentile(int per_cent) {
  return noted <= 0 ? 0 : notes[((int64_t)noted * per_cent + 99) / 100 - 1];
}

int main(int count, char **arguments) {
  if (count != 5) return 2;
  fast.delay_ns = atoi(arguments[1]) * 1000LL;
  slow.delay_ns = atoi(arguments[2]) * 1000LL;
  int slow_every = atoi(arguments[3]);
  noted = -atoi(arguments[4]);
  signal(SIGTERM, end);
  raise_descriptor_limit();
  int epoll = epoll_create1(EPOLL_CLOEXEC), one = 1, fd;
  printf("{\"port\":%d}\n", listen_on_loopback(epoll));
  fflush(stdout);
  struct epoll_event events[64];
  while (!is_over) {
    int ready = epoll_wait(epoll, events, 64, 0);
    for (int i = 0; i < ready; i++) {
      if (!is_listener[events[i].data.fd]) {
        serve(events[i].data.fd, slow_every);
        continue;
      }
      while ((fd = accept_next(events[i].data.fd)) >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
        is_upgraded[fd] = 0;
        watch(epoll, fd);
      }
    }
    answer_due(&fast);
    answer_due(&slow);
  }
  if (noted > 0) qsort(notes, noted, sizeof notes[0], by_size);
  printf("{\"count\":%d,\"p50\":%lld,\"p99\":%lld}\n", noted, percentile(50), percentile(99));
}
