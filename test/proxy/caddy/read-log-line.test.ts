import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCaddyDiary, toldLines } from "#wsrally/proxy/caddy/run/read-diary.js";
import { readCaddyLogLine, shownLine } from "#wsrally/proxy/caddy/run/read-log-line.js";

function failed(msg: string, status = 502): string {
  const request = { method: "GET", host: "ws.example.com", uri: "/sock", headers: { Cookie: ["REDACTED"] } };
  return JSON.stringify({ level: "error", ts: 1.5, logger: "http.log.error", msg, request, status });
}

describe("a line of Caddy's log", () => {
  it("is shown in words", () => {
    assert.equal(
      shownLine(failed("dial tcp 127.0.0.1:9: connect: connection refused")),
      "error http.log.error: dial tcp 127.0.0.1:9: connect: connection refused [GET ws.example.com/sock 502]",
    );
    assert.equal(shownLine("panic: runtime error"), "panic: runtime error");
  });

  const rows: readonly (readonly [msg: string, cause: string | null])[] = [
    ["dial tcp 10.0.0.1:9000: connect: connection refused", "upstream-refused"],
    ["dial tcp 127.0.0.1:9000: connect: cannot assign requested address", "no-ports"],
    ["dial tcp 127.0.0.1:9000: socket: too many open files", "no-descriptors"],
    ["dial tcp: lookup app.internal on 127.0.0.11:53: no such host", "name-not-found"],
    ["dial tcp 10.0.0.1:9000: i/o timeout", "upstream-timeout"],
    ["dial tcp 10.0.0.1:9000: connect: no route to host", "upstream-unreachable"],
    ["net/http: timeout awaiting response headers", "upstream-timeout"],
    ["tls: first record does not look like a TLS handshake", "upstream-tls"],
    ["tls: failed to verify certificate: x509: certificate signed by unknown authority", "upstream-tls"],
    ["read tcp 127.0.0.1:5->127.0.0.1:9000: read: connection reset by peer", "upstream-reset"],
    ["EOF", "upstream-closed"],
    ["no upstreams available", "no-live-upstreams"],
    ["context canceled", "client-ended"],
    ["something new", null],
  ];
  for (const [msg, cause] of rows)
    it(`tells ${cause} by "${msg}"`, () => {
      assert.equal(readCaddyLogLine(shownLine(failed(msg))).cause, cause);
    });

  it("is no trouble of the upstream's where Caddy's own certificates are the matter", () => {
    const line = { level: "warn", logger: "tls", msg: "unable to get instance ID" };
    assert.equal(readCaddyLogLine(shownLine(JSON.stringify(line))).cause, null);
  });

  it("is counted with its like, whoever asked", () => {
    const lines = [1, 2].map((port) => failed(`dial tcp 127.0.0.1:900${port}: connect: connection refused`));
    const start = '{"level":"info","msg":"serving initial configuration"}';
    const reload = '{"level":"info","logger":"admin.api","msg":"load complete"}';
    const { entries, reloads } = readCaddyDiary(toldLines([start, ...lines, reload]));
    assert.deepEqual(
      entries.map(({ message, count, cause }) => [message, count, cause]),
      [
        ["http.log.error: dial tcp ADDRESS: connect: connection refused 502", 2, "upstream-refused"],
        ["admin.api: load complete", 1, "reloaded"],
      ],
    );
    assert.equal(reloads, 1);
  });
});
