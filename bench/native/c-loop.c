/*
 * The floor: the least that a client must do to measure a closed loop, in C over epoll. For each pong it compares the
 * six bytes, reads the clock once, counts the latency into an array of microseconds, and sends the next masked ping.
 * It does not do what a load generator must besides: the mask is one fixed word and the handshake one fixed key, no
 * frame is decoded but by that comparison, no receive stamp is asked for, no partial read or blocked write is survived,
 * nothing is matched, and there is neither a schedule nor a timer.
 *
 * c-loop ADDRESS PORT CONNECTIONS WARMUP_MS WINDOW_MS, both of processor time; prints one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "system.h"

#define MICROSECONDS 1000000

static const unsigned char ping[] = {0x81, 0x84, 1, 2, 3, 4, 'p' ^ 1, 'i' ^ 2, 'n' ^ 3, 'g' ^ 4};
static const unsigned char pong[] = {0x81, 0x04, 'p', 'o', 'n', 'g'};
static int64_t sent_ns[DESCRIPTORS_MAX];
static uint32_t latencies[MICROSECONDS];
static unsigned char input[65536];

struct reading {
  int64_t at_ns, user_us, system_us, round_trips;
};

static int64_t now_ns(void) {
  return read_clock_ns(CLOCK_MONOTONIC);
}

static struct reading read_usage(int64_t round_trips) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (struct reading){
      .at_ns = now_ns(),
      .user_us = usage.ru_utime.tv_sec * 1000000LL + usage.ru_utime.tv_usec,
      .system_us = usage.ru_stime.tv_sec * 1000000LL + usage.ru_stime.tv_usec,
      .round_trips = round_trips,
  };
}

static int connect_to(const struct sockaddr_in *address) {
  static const char request[] =
      "GET /sock HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) fail("send");
  return fd;
}

static void send_ping(int fd, int64_t at_ns) {
  sent_ns[fd] = at_ns;
  if (send(fd, ping, sizeof ping, MSG_NOSIGNAL) != sizeof ping) fail("send");
}

/* Returns how many round trips ended. */
static int64_t turn(int epoll) {
  struct epoll_event events[64];
  int64_t round_trips = 0;
  int count = epoll_wait(epoll, events, 64, 100);
  for (int i = 0; i < count; i++) {
    int fd = events[i].data.fd;
    ssize_t length = recv(fd, input, sizeof input, 0);
    if (length < 0 && errno == EAGAIN) continue;
    int64_t at_ns = now_ns();
    if (length != sizeof pong || memcmp(input, pong, sizeof pong) != 0) fail("no pong");
    int64_t us = (at_ns - sent_ns[fd]) / 1000;
    latencies[us < MICROSECONDS ? us : MICROSECONDS - 1]++;
    round_trips++;
    send_ping(fd, at_ns);
  }
  return round_trips;
}

/* Until the process has used so much processor time, or twenty times as long has gone by. */
static int64_t run_for(int epoll, int64_t cpu_ns) {
  int64_t round_trips = 0, look_ns = 10000000, late_ns = now_ns() + 20 * cpu_ns;
  int64_t end_ns = read_clock_ns(CLOCK_PROCESS_CPUTIME_ID) + cpu_ns;
  for (;;) {
    for (int64_t next_ns = now_ns() + look_ns; now_ns() < next_ns;) round_trips += turn(epoll);
    if (read_clock_ns(CLOCK_PROCESS_CPUTIME_ID) >= end_ns || now_ns() > late_ns) return round_trips;
  }
}

int main(int count, char **arguments) {
  if (count != 6) return 2;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[2]))};
  inet_pton(AF_INET, arguments[1], &address.sin_addr);
  int connections = atoi(arguments[3]);
  int64_t warmup_ns = atoi(arguments[4]) * 1000000LL, window_ns = atoi(arguments[5]) * 1000000LL;
  raise_descriptor_limit();
  int *fds = malloc(connections * sizeof *fds), epoll = epoll_create1(EPOLL_CLOEXEC);
  int64_t start_ns = now_ns();
  for (int i = 0; i < connections; i++) fds[i] = connect_to(&address);
  for (int i = 0; i < connections; i++) {
    ssize_t length = recv(fds[i], input, sizeof input, 0);
    if (length < 12 || memcmp(input, "HTTP/1.1 101", 12) != 0) fail("no upgrade");
    fcntl(fds[i], F_SETFL, O_NONBLOCK);
    watch(epoll, fds[i]);
  }
  int64_t opening_ns = now_ns() - start_ns, opening_cpu_us = read_clock_ns(CLOCK_PROCESS_CPUTIME_ID) / 1000;
  int64_t round_trips = 0;
  for (int i = 0; i < connections; i++) send_ping(fds[i], now_ns());
  round_trips += run_for(epoll, warmup_ns);
  struct reading before = read_usage(round_trips);
  round_trips += run_for(epoll, window_ns);
  struct reading after = read_usage(round_trips);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"opened\":%d,\"openingS\":%.6f,\"openingCpuUs\":%lld,\"windowS\":%.6f,\"roundTrips\":%lld,\"userUs\":%lld,\"systemUs\":%lld,"
         "\"rssBytes\":%lld}\n",
         connections, opening_ns / 1e9, (long long)opening_cpu_us, (after.at_ns - before.at_ns) / 1e9,
         (long long)(after.round_trips - before.round_trips), (long long)(after.user_us - before.user_us),
         (long long)(after.system_us - before.system_us), usage.ru_maxrss * 1024LL);
  return 0;
}
