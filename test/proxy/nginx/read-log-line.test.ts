import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LogCause } from "#wsrally/diagnosis/log-cause.js";
import { readNginxLogLine } from "#wsrally/proxy/nginx/run/read-log-line.js";
import { readNginxDiary } from "#wsrally/proxy/nginx/run/read-nginx-diary.js";
import { fc } from "../../support/seeded-fast-check.js";

const request =
  ', client: 127.0.0.1, server: _, request: "GET /sock HTTP/1.1", upstream: "http://127.0.0.1:38735/sock", host: "127.0.0.1:37383"';

/** As nginx 1.22 and 1.31 wrote them, on glibc and musl: text, cause, message. */
const rows: readonly (readonly [level: string, text: string, cause: LogCause | null, message?: string])[] = [
  [
    "error",
    `connect() failed (111: Connection refused) while connecting to upstream${request}`,
    "upstream-refused",
  ],
  [
    "crit",
    `connect() to 127.0.0.1:9000 failed (99: Cannot assign requested address) while connecting to upstream${request}`,
    "no-ports",
    "connect() to ADDRESS failed (99: Cannot assign requested address) while connecting to upstream",
  ],
  [
    "crit",
    `connect() to [::1]:9000 failed (99: Address not available) while connecting to upstream${request}`,
    "no-ports",
    "connect() to ADDRESS failed (99: Address not available) while connecting to upstream",
  ],
  [
    "crit",
    `bind(127.0.0.2) failed (99: Cannot assign requested address) while connecting to upstream${request}`,
    "no-ports",
    "bind(ADDRESS) failed (99: Cannot assign requested address) while connecting to upstream",
  ],
  [
    "error",
    `connect() failed (113: No route to host) while connecting to upstream${request}`,
    "upstream-unreachable",
  ],
  [
    "crit",
    `connect() to unix:/run/app.sock failed (2: No such file or directory) while connecting to upstream${request}`,
    "upstream-unreachable",
  ],
  [
    "alert",
    "4096 worker_connections are not enough",
    "worker-connections",
    "4096 worker_connections are not enough",
  ],
  [
    "alert",
    `64 worker_connections are not enough while connecting to upstream${request}`,
    "worker-connections",
  ],
  ["warn", "64 worker_connections are not enough, reusing connections", "connections-short"],
  [
    "error",
    `upstream prematurely closed connection while reading response header from upstream${request}`,
    "upstream-closed",
  ],
  [
    "error",
    `upstream timed out (110: Connection timed out) while reading response header from upstream${request}`,
    "upstream-timeout",
  ],
  [
    "error",
    `upstream timed out (110: Operation timed out) while connecting to upstream${request}`,
    "upstream-timeout",
  ],
  [
    "info",
    `upstream timed out (110: Connection timed out) while proxying upgraded connection${request}`,
    "idle-timeout",
  ],
  ["error", `no live upstreams while connecting to upstream${request}`, "no-live-upstreams"],
  [
    "error",
    `recv() failed (104: Connection reset by peer) while proxying upgraded connection${request}`,
    "connection-reset",
  ],
  [
    "error",
    `recv() failed (104: Connection reset by peer) while reading response header from upstream${request}`,
    "upstream-reset",
  ],
  [
    "info",
    "recv() failed (104: Connection reset by peer) while waiting for request, client: 127.0.0.1, server: 0.0.0.0:80",
    "client-ended",
  ],
  ["crit", "accept4() failed (24: Too many open files)", "no-descriptors"],
  [
    "alert",
    `socket() failed (24: No file descriptors available) while connecting to upstream${request}`,
    "no-descriptors",
  ],
  [
    "error",
    `limiting connections by zone "each"${request}`,
    "limit-conn",
    'limiting connections by zone "each"',
  ],
  [
    "error",
    `limiting requests, excess: 5.760 by zone "one"${request}`,
    "limit-req",
    'limiting requests, excess: N by zone "one"',
  ],
  ["warn", `delaying request, excess: 0.1, by zone "one"${request}`, null],
  [
    "error",
    `app.internal could not be resolved (3: Host not found)${request}`,
    "name-not-found",
    "app.internal could not be resolved (3: Host not found)",
  ],
  ["error", `no resolver defined to resolve app.internal${request}`, "name-not-found"],
  [
    "crit",
    "SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: 127.0.0.1, server: 0.0.0.0:443",
    "client-tls",
  ],
  [
    "error",
    `SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream${request}`,
    "upstream-tls",
    "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream",
  ],
  [
    "error",
    `peer closed connection in SSL handshake while SSL handshaking to upstream${request}`,
    "upstream-tls",
  ],
  [
    "error",
    `upstream sent too big header while reading response header from upstream${request}`,
    "upstream-answer",
  ],
  [
    "error",
    `upstream sent no valid HTTP/1.0 header while reading response header from upstream${request}`,
    "upstream-answer",
  ],
  [
    "info",
    "client prematurely closed connection, client: 127.0.0.1, server: _",
    "client-ended",
    "client prematurely closed connection",
  ],
  ["error", `access forbidden by rule${request}`, "access-denied"],
  [
    "alert",
    "worker process 4711 exited on signal 11 (core dumped)",
    "process-died",
    "worker process N exited on signal 11 (core dumped)",
  ],
  ["alert", "worker process 12 exited on signal 9", "process-died", "worker process N exited on signal 9"],
  [
    "alert",
    "worker process 12 exited with fatal code 2 and cannot be respawned",
    "process-died",
    "worker process N exited with fatal code 2 and cannot be respawned",
  ],
  ["notice", "worker process 12345 exited with code 0", null, "worker process N exited with code 0"],
  [
    "notice",
    "signal 1 (SIGHUP) received from 28395, reconfiguring",
    "reloaded",
    "signal 1 (SIGHUP) received from N, reconfiguring",
  ],
  ["notice", "reconfiguring", null],
  ["notice", "gracefully shutting down", null],
  [
    "alert",
    "*27 open socket #14 left in connection 5",
    "sockets-left",
    "open socket #N left in connection N",
  ],
  ["emerg", "malloc(65536) failed (12: Cannot allocate memory)", "no-memory"],
];

describe("readNginxLogLine()", () => {
  for (const [level, text, cause, message] of rows) {
    it(`${cause}: ${text.slice(0, 90)}`, () => {
      const line = `2026/11/23 10:06:12 [${level}] 29009#29010: ${text.startsWith("*") ? "" : "*2 "}${text}`;
      const read = readNginxLogLine(line);
      assert.equal(read.level, level);
      assert.equal(read.cause, cause);
      if (message !== undefined) assert.equal(read.message, message);
      assert.doesNotMatch(read.message, /127\.0\.0\.1|client:|GET/);
    });
  }

  it("leaves what nginx did not write as it is", () => {
    const line = "nginx: symbol lookup error";
    assert.deepEqual(readNginxLogLine(line), { level: null, message: line, cause: null });
  });

  it("gives lines that differ by time, process, connection and addresses one message", () => {
    const whole = fc.nat({ max: 99_999 });
    fc.assert(
      fc.property(whole, whole, whole, fc.constantFrom(...rows), (pid, connection, port, [level, text]) => {
        const at = (p: number, c: number, to: string): string =>
          `2026/11/23 10:06:12 [${level}] ${p}#${p}: *${c} ${text.replace("*27 ", "").replace(/127\.0\.0\.1:\d+/g, to)}`;
        assert.deepEqual(
          readNginxLogLine(at(pid, connection, `127.0.0.1:${port}`)),
          readNginxLogLine(at(7, 8, "127.0.0.1:9")),
        );
      }),
    );
  });

  it("takes any text without a fault", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readNginxLogLine(`2026/11/23 10:06:12 [error] 1#1: ${text}`);
        readNginxLogLine(text);
      }),
    );
  });
});

describe("readNginxDiary()", () => {
  const line = (level: string, text: string): string => `2026/11/23 10:06:12 [${level}] 1#1: ${text}`;
  const refused = line("error", "connect() failed (111: Connection refused) while connecting to upstream");
  const death = line("alert", "worker process 12 exited on signal 11");
  const reload = line("notice", "signal 1 (SIGHUP) received from 9, reconfiguring");
  const routine = line("notice", "start worker process 12");

  it("counts what both logs have once, and keeps of ours what matters", () => {
    const diary = readNginxDiary(
      [refused, refused, death],
      [routine, refused, refused, death, reload, routine],
    );
    assert.deepEqual(diary.lines, [refused, refused, death, reload]);
    assert.deepEqual(
      diary.entries.map(({ cause, count }) => [cause, count]),
      [
        ["upstream-refused", 2],
        ["process-died", 1],
        ["reloaded", 1],
      ],
    );
    assert.deepEqual(diary.deaths, ["worker process 12 exited on signal 11"]);
    assert.equal(diary.reloads, 1);
  });

  it("tells of the processes though the config's own log is kept quiet", () => {
    const diary = readNginxDiary([], [routine, death, reload]);
    assert.deepEqual([diary.deaths.length, diary.reloads], [1, 1]);
  });

  it("is empty after a start", () => {
    assert.deepEqual(readNginxDiary([], [routine]), { lines: [], entries: [], deaths: [], reloads: 0 });
  });
});
