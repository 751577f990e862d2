import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { refusalOf } from "#wsrally/proxy/apache/run/check-config.js";
import { readApacheDiary, toldLines } from "#wsrally/proxy/apache/run/read-diary.js";
import { readApacheLogLine } from "#wsrally/proxy/apache/run/read-log-line.js";

const started = "[notice] [pid 7] AH00489: Apache/2.4.71 (Debian) configured -- resuming normal operations";

describe("a line of Apache's error log", () => {
  const rows: readonly (readonly [line: string, cause: string | null])[] = [
    [
      "[error] [pid 9] AH00957: http: attempt to connect to 127.0.0.1:1 (127.0.0.1:1) failed",
      "upstream-refused",
    ],
    ["[error] [pid 9] AH01114: HTTP: failed to make connection to backend: 127.0.0.1", "upstream-refused"],
    ["[error] [pid 9] AH01102: error reading status line from remote server 127.0.0.1:9", "upstream-closed"],
    ["[error] [pid 9] AH00898: Error during SSL Handshake with remote server returned by /a", "upstream-tls"],
    ["[error] [pid 9] AH00898: DNS lookup failure for: app returned by /a", "name-not-found"],
    ["[error] [pid 7] AH00484: server reached MaxRequestWorkers setting", "worker-connections"],
    ["[notice] [pid 7] AH00052: child pid 9 exit signal Aborted (6)", "process-died"],
    ["[notice] child pid 9 is gone, and Apache does not say why", "process-died"],
    [started, "reloaded"],
    ["[error] [pid 9] AH09999: something new", null],
  ];
  for (const [line, cause] of rows)
    it(`tells ${cause} by "${line}"`, () => {
      assert.equal(readApacheLogLine(line).cause, cause);
    });

  it("is counted with its like, and a second start is a reload", () => {
    const refusals = [1, 2].map(
      (port) => `[error] [pid ${port}] AH00957: attempt to connect to 127.0.0.1:${port}`,
    );
    const told = toldLines([started, "[notice] [pid 7] AH00094: Command line: 'x'", ...refusals, started]);
    const { entries, reloads, deaths } = readApacheDiary(told);
    assert.deepEqual(
      entries.map(({ message, count }) => [message.slice(0, 7), count]),
      [
        ["AH00957", 2],
        ["AH00489", 1],
      ],
    );
    assert.deepEqual([reloads, deaths], [1, []]);
  });
});

describe("a refusal of Apache's", () => {
  const rows: readonly (readonly [output: string, words: string | null])[] = [
    [
      "AH00526: Syntax error on line 3 of /f/apache.conf:\nKeepAlive must be On or Off",
      "/f/apache.conf:3: KeepAlive must be On or Off",
    ],
    [
      "(98)Address already in use: AH00072: make_sock: could not bind to address 127.0.0.1:80",
      "make_sock: could not bind to address 127.0.0.1:80: Address already in use",
    ],
    ["[notice] [pid 1] AH00489: Apache configured -- resuming normal operations", null],
    ["", null],
  ];
  for (const [output, words] of rows)
    it(`is told as ${words}`, () => {
      assert.equal(refusalOf(output), words);
    });
});
