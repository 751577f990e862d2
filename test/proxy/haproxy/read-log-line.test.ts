import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readHaproxyDiary } from "#wsrally/proxy/haproxy/run/read-diary.js";
import { foundNoBackend, readHaproxyLogLine } from "#wsrally/proxy/haproxy/run/read-log-line.js";

const stamp = "<6>127.0.0.1:36700 [29/Nov/2026:02:14:14.217] fe";

/** Lines as HAProxy 2.6 and 2.8 wrote them, but for the flags of the last ones. */
const rows: readonly (readonly [string, string | null])[] = [
  [`${stamp} fe/<NOSRV> 0/-1/-1/-1/0 403 192 - - PR-- 1/1/0/0/0 0/0 "GET /deny HTTP/1.1"`, "access-denied"],
  [`${stamp} fe/<NOSRV> 0/-1/-1/-1/0 302 83 - - LR-- 2/2/0/0/0 0/0 "GET /redir HTTP/1.1"`, null],
  [
    `${stamp} none/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 3/3/0/0/0 0/0 "GET /none HTTP/1.1"`,
    "no-live-upstreams",
  ],
  [
    `${stamp} refused/s1 0/0/-1/-1/3007 503 217 - - SC-- 4/4/0/0/3 0/0 "GET /refused HTTP/1.1"`,
    "upstream-refused",
  ],
  [`${stamp} be/s1 0/0/0/2/209 101 136 - - ---- 5/5/0/0/0 0/0 "GET /cclose HTTP/1.1"`, null],
  [`${stamp} be/s1 0/0/0/1/202 101 132 - - CD-- 5/5/0/0/0 0/0 "GET /creset HTTP/1.1"`, "client-ended"],
  [`${stamp} be/s1 0/0/0/0/201 101 132 - - SD-- 2/2/0/0/0 0/0 "GET /breset HTTP/1.1"`, "connection-reset"],
  [`${stamp} be/s1 0/0/0/0/1001 101 132 - - cD-- 2/2/0/0/0 0/0 "GET /idle HTTP/1.1"`, "idle-timeout"],
  [`${stamp} be/s1 0/0/0/0/1001 101 132 - - sD-- 2/2/0/0/0 0/0 {a|b} "GET /idle HTTP/1.1"`, "idle-timeout"],
  [`${stamp} be/s1 0/0/0/-1/3000 504 217 - - sH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`, "upstream-timeout"],
  [`${stamp} be/s1 0/0/0/-1/3 502 217 - - SH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`, "upstream-closed"],
  [`${stamp} be/s1 0/300/-1/-1/300 503 217 - - sQ-- 1/1/0/0/0 0/1 "GET / HTTP/1.1"`, "queue-timeout"],
  [`${stamp} be/s1 0/0/-1/-1/15000 503 217 - - sC-- 1/1/0/0/+3 0/0 "GET / HTTP/1.1"`, "upstream-timeout"],
  [`${stamp} be/s1 0/0/0/-1/3 502 217 - - PH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`, "upstream-answer"],
  [`${stamp} fe/<NOSRV> -1/-1/-1/-1/10001 408 212 - - cR-- 1/1/0/0/0 0/0 "<BADREQ>"`, "request-timeout"],
  [`${stamp} be/s1 0/0/0/0/900 101 132 - - K--- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`, "proxy-stopped"],
  ["<6>127.0.0.1:1 [29/Nov/2026:02:14:14.217] raw raw/s1 1/0/5000 212 cD 1/1/0/0/0 0/0", "idle-timeout"],
  ["<6>127.0.0.1:1 [29/Nov/2026:02:14:14.217] fe/1: SSL handshake failure", "client-tls"],
  ["<1>backend be has no server available!", "no-live-upstreams"],
  ["[WARNING]  (12) : Server be/s1 is DOWN, reason: Layer4 connection problem", "no-live-upstreams"],
  ["[NOTICE]   (15659) : Reloading HAProxy", "reloaded"],
  ["[ALERT]    (15659) : Current worker (15835) exited with code 139 (Segmentation fault)", "process-died"],
  ["[ALERT]    (15659) : Current worker (15835) exited with code 143 (Terminated)", null],
  ["something else", null],
];

describe("readHaproxyLogLine()", () => {
  for (const [line, cause] of rows)
    it(`takes ${line} for ${cause}`, () => assert.equal(readHaproxyLogLine(line).cause, cause));

  it("tells a request that no rule has a backend for from one whose backend has no server", () => {
    const session = (pair: string): string =>
      `${stamp} ${pair}/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0`;
    assert.deepEqual(
      ["fe", "none"].map((backend) => foundNoBackend(session(backend))),
      [true, false],
    );
  });

  it("counts lines together that differ in stamps alone", () => {
    const [line = ""] = rows[3] ?? [];
    const other = line.replace("36700", "41234").replace("14.217", "15.001").replace("3007", "3011");
    const [entry, ...others] = readHaproxyDiary([line, other, "[NOTICE]   (1) : Loading success."]).entries;
    assert.deepEqual([entry?.count, entry?.level, others.length], [2, "info", 0]);
  });
});
