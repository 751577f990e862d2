/*
 * The little of RFC 6455 that the bench's C programs share: a server's answer to the upgrade, with a SHA-1 of its own
 * so that a compiler and a C library are all that is needed.
 */
#ifndef WSRALLY_BENCH_WEBSOCKET_H
#define WSRALLY_BENCH_WEBSOCKET_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static uint32_t rotate_left(uint32_t word, int bits) {
  return (word << bits) | (word >> (32 - bits));
}

/* One block of SHA-1 (FIPS 180-4, 6.1.2). */
static void sha1_block(uint32_t state[5], const unsigned char block[64]) {
  uint32_t w[80];
  for (int t = 0; t < 16; t++) {
    w[t] = (uint32_t)block[4 * t] << 24 | block[4 * t + 1] << 16 | block[4 * t + 2] << 8 | block[4 * t + 3];
  }
  for (int t = 16; t < 80; t++) w[t] = rotate_left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (int t = 0; t < 80; t++) {
    uint32_t f, k;
    if (t < 20) f = (b & c) | (~b & d), k = 0x5a827999;
    else if (t < 40) f = b ^ c ^ d, k = 0x6ed9eba1;
    else if (t < 60) f = (b & c) | (b & d) | (c & d), k = 0x8f1bbcdc;
    else f = b ^ c ^ d, k = 0xca62c1d6;
    uint32_t next = rotate_left(a, 5) + f + e + k + w[t];
    e = d, d = c, c = rotate_left(b, 30), b = a, a = next;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/* base64(SHA-1(key and GUID)); the 60 bytes take two blocks. */
static void accept_for(const char key[24], char accept[29]) {
  static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned char message[128] = {0};
  memcpy(message, key, 24);
  memcpy(message + 24, guid, 36);
  message[60] = 0x80;
  message[126] = (60 * 8) >> 8;
  message[127] = (60 * 8) & 0xff;
  uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  sha1_block(state, message);
  sha1_block(state, message + 64);
  unsigned char digest[21] = {0};
  for (int i = 0; i < 20; i++) digest[i] = state[i / 4] >> (24 - 8 * (i % 4));
  for (int i = 0; i < 7; i++) {
    uint32_t three = digest[3 * i] << 16 | digest[3 * i + 1] << 8 | digest[3 * i + 2];
    for (int j = 0; j < 4; j++) accept[4 * i + j] = digits[(three >> (18 - 6 * j)) & 63];
  }
  accept[27] = '=';
  accept[28] = '\0';
}

/* Answers a request that came whole, as one does over loopback. Returns 0 when it is no upgrade. */
static int answer_upgrade(int fd, char *request, size_t length) {
  request[length] = '\0';
  char *key = strcasestr(request, "\r\nSec-WebSocket-Key:");
  if (key == NULL || strstr(request, "\r\n\r\n") == NULL) return 0;
  key += strlen("\r\nSec-WebSocket-Key:");
  while (*key == ' ') key++;
  if (strlen(key) < 24) return 0;
  char accept[29], answer[256];
  accept_for(key, accept);
  int size = snprintf(answer, sizeof answer,
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Accept: %s\r\n\r\n",
                      accept);
  return send(fd, answer, size, MSG_NOSIGNAL) == size;
}

#endif
