import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTraefikDiary, toldLines } from "#wsrally/proxy/traefik/run/read-diary.js";
import { readTraefikLogLine, refusalsOf, shownLine } from "#wsrally/proxy/traefik/run/read-log-line.js";
import { readyPath } from "#wsrally/proxy/traefik/run/template.js";

function failed(error: string, message = "502 Bad Gateway"): string {
  const caller = "github.com/traefik/traefik/v3/pkg/proxy/httputil/proxy.go:199";
  return JSON.stringify({ level: "debug", error, time: "2026-11-29T07:06:14Z", caller, message });
}

function received(config: object, providerName = "file"): string {
  return JSON.stringify({ level: "debug", providerName, config, message: "Configuration received" });
}

describe("a line of Traefik's log", () => {
  const rows: readonly (readonly [error: string, cause: string | null])[] = [
    ["dial tcp 127.0.0.1:9000: connect: connection refused", "upstream-refused"],
    // With fastProxy.
    [
      "acquire connection: create conn: dial tcp 127.0.0.1:1: connect: connection refused",
      "upstream-refused",
    ],
    ["dial tcp 127.0.0.1:9000: connect: cannot assign requested address", "no-ports"],
    ["dial tcp 127.0.0.1:9000: socket: too many open files", "no-descriptors"],
    ["dial tcp: lookup app.internal: no such host", "name-not-found"],
    ["tls: first record does not look like a TLS handshake", "upstream-tls"],
    ["EOF", "upstream-closed"],
    ["context canceled", "client-ended"],
    ["something new", null],
  ];
  for (const [error, cause] of rows)
    it(`tells ${cause} by "${error}"`, () => {
      assert.equal(readTraefikLogLine(shownLine(failed(error))).cause, cause);
    });

  it("is left out where nothing failed", () => {
    const lines = [
      { level: "info", message: "\nVersion check is disabled.\n" },
      { level: "debug", message: "Service selected by WRR: http://127.0.0.1:9000" },
      {
        level: "debug",
        error: "context deadline exceeded",
        message: "Server failed to shutdown before deadline",
      },
      { level: "warn", message: "Traefik can reject some encoded characters in the request path." },
    ].map((line) => JSON.stringify(line));
    assert.deepEqual(toldLines(lines), []);
    assert.deepEqual(toldLines(["panic: runtime error"]), ["panic: runtime error"]);
  });

  it("is counted with its like, and routes that differ from those before are a reload", () => {
    const refusals = [1, 2].map((port) =>
      failed(`dial tcp 127.0.0.1:900${port}: connect: connection refused`),
    );
    const routes = [
      received({}, "internal"),
      received({}),
      ...[1, 1, 2].map((turn) => received({ rule: readyPath(turn) })),
    ];
    const { entries, reloads, deaths } = readTraefikDiary(toldLines([...routes, ...refusals]));
    assert.deepEqual(
      entries.map(({ message, count, cause }) => [message, count, cause]),
      [
        ["502 Bad Gateway: dial tcp ADDRESS: connect: connection refused", 2, "upstream-refused"],
        ["Configuration received", 1, "reloaded"],
      ],
    );
    assert.deepEqual([reloads, deaths], [1, []]);
  });
});

describe("a refusal of Traefik's", () => {
  const rows: readonly (readonly [line: object, words: string])[] = [
    [
      { error: 'command traefik error: time: invalid duration "x"', message: "Command error" },
      'time: invalid duration "x"',
    ],
    [
      {
        error: "routes.yml: field not found, node: a",
        message: "Error while building configuration (for the first time)",
      },
      "routes.yml: field not found, node: a",
    ],
    [
      { error: 'middleware "a@file" does not exist', routerName: "web@file" },
      'middleware "a@file" does not exist [web@file]',
    ],
  ];
  for (const [line, words] of rows)
    it(`is told as ${words}`, () => {
      assert.equal(refusalsOf([JSON.stringify({ level: "error", ...line })], null).at(-1), words);
    });
  it("is none where it has only warned", () => {
    assert.deepEqual(refusalsOf([JSON.stringify({ level: "warn", message: "x" })], null), []);
  });
});
