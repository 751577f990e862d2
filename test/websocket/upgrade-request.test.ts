import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { acceptFor, createKey } from "#wsrally/websocket/accept-key.js";
import { createUpgradeRequest, type UpgradeRequestOptions } from "#wsrally/websocket/upgrade-request.js";
import { UpgradeRequestReader } from "#wsrally/websocket/upgrade-request-reader.js";
import { fc } from "../support/seeded-fast-check.js";

const sampleKey = "dGhlIHNhbXBsZSBub25jZQ==";
const plain: UpgradeRequestOptions = {
  path: "/sock",
  host: "example.com:7415",
  origin: "http://example.com:7415",
  subprotocols: [],
  extraFields: [],
};

describe("createUpgradeRequest()", () => {
  it("writes what the RFC asks for", () => {
    const request = createUpgradeRequest({
      ...plain,
      path: "/chat?room=1",
      subprotocols: ["chat", "superchat"],
      extraFields: [{ name: "X-Run", value: "7 é" }],
    });
    assert.equal(
      request(sampleKey).toString("latin1"),
      [
        "GET /chat?room=1 HTTP/1.1",
        "Host: example.com:7415",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Origin: http://example.com:7415",
        "Sec-WebSocket-Version: 13",
        `Sec-WebSocket-Key: ${sampleKey}`,
        "Sec-WebSocket-Protocol: chat, superchat",
        "X-Run: 7 é",
        "",
        "",
      ].join("\r\n"),
    );
  });

  it("completes path and headers with a connection's values", () => {
    const extraFields = [{ name: "X", value: ["a-", 1, "-", 0] }];
    const request = createUpgradeRequest({ ...plain, path: ["/s?t=", 0], extraFields });
    for (const row of [
      ["1", "2"],
      ["three", ""],
    ]) {
      const lines = request(sampleKey, row).toString("latin1").split("\r\n");
      assert.equal(lines[0], `GET /s?t=${row[0]} HTTP/1.1`);
      assert.deepEqual(lines.slice(-3), [`X: a-${row[1]}-${row[0]}`, "", ""]);
    }
  });

  it("gives each connection its own bytes", () => {
    const request = createUpgradeRequest({ ...plain, origin: null });
    const first = Buffer.from(request(createKey()));
    const second = request(createKey());
    assert.notDeepEqual(first, second);
    assert.equal(first.length, second.length);
    assert.doesNotMatch(first.toString("latin1"), /Origin/);
    assert.throws(() => request("short"), /not a key/);
  });

  const sad: readonly (readonly [what: string, change: Partial<UpgradeRequestOptions>, message: RegExp])[] = [
    ["a path with a line break", { path: "/a HTTP/1.1\r\nX: y" }, /Cannot send the path/],
    ["a path with a blank", { path: "/a b" }, /percent-encoded/],
    ["a path with a fragment", { path: "/a#b" }, /percent-encoded/],
    ["a path without a slash", { path: "sock" }, /begins with \//],
    ["a path beyond ASCII", { path: "/é" }, /percent-encoded/],
    ["a host with a line break", { host: "a\r\nX: y" }, /Cannot send the host/],
    ["an empty host", { host: "" }, /Cannot send the host/],
    ["an origin with a line feed", { origin: "http://a\nX: y" }, /Cannot send the origin/],
    ["a subprotocol with a comma", { subprotocols: ["a,b"] }, /"a,b": wanted is a token/],
    ["a subprotocol twice", { subprotocols: ["a", "a"] }, /each of them once/],
    ["a header name with a colon", { extraFields: [{ name: "a:", value: "" }] }, /header name "a:"/],
    ["an empty header name", { extraFields: [{ name: "", value: "b" }] }, /header name ""/],
    ["a value with CR LF", { extraFields: [{ name: "A", value: "b\r\nC: d" }] }, /value of A/],
    ["a value with a lone CR", { extraFields: [{ name: "A", value: "b\rC" }] }, /value of A/],
    ["a value with a NUL", { extraFields: [{ name: "A", value: "b\0" }] }, /value of A/],
    ["a value beyond Latin-1", { extraFields: [{ name: "A", value: "€" }] }, /Latin-1/],
    // Cut to a byte this becomes a line feed.
    [
      "a value that Latin-1 would turn into a line feed",
      { extraFields: [{ name: "A", value: "\u010a" }] },
      /Latin-1/,
    ],
    ["a second key", { extraFields: [{ name: "sec-websocket-KEY", value: sampleKey }] }, /sets itself/],
    ["a body's length", { extraFields: [{ name: "Content-Length", value: "5" }] }, /sets itself/],
  ];
  for (const [what, change, message] of sad) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => createUpgradeRequest({ ...plain, ...change }),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it("sends exactly the headers it was given, or nothing, whatever is in them", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({
        unit: fc.constantFrom("a", ":", " ", "\r", "\n", "\r\n", "X: y", "\t", "é"),
        maxLength: 6,
      }),
    );
    fc.assert(
      fc.property(text, text, text, text, (path, host, name, value) => {
        let request: Buffer;
        try {
          const extraFields = [{ name, value }];
          request = createUpgradeRequest({ ...plain, path: `/${path}`, host, extraFields })(sampleKey);
        } catch (error) {
          assert.ok(error instanceof UsageError);
          return;
        }
        const reading = new UpgradeRequestReader().read(request, 0, request.length);
        assert.equal(reading.kind, "upgrade");
        if (reading.kind !== "upgrade") return;
        assert.equal(reading.request.target, `/${path}`);
        assert.equal(reading.request.fields.length, 7);
        assert.deepEqual(reading.request.fields[0], { name: "Host", value: host });
        assert.deepEqual(reading.request.fields[6], { name, value: value.replace(/^[ \t]+|[ \t]+$/g, "") });
        assert.equal(reading.framesAt, request.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("keys", () => {
  it("are answered as in RFC 6455, 1.3", () => {
    assert.equal(acceptFor(sampleKey), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  });

  it("are 16 bytes, fresh each time, past every refill", () => {
    const keys = Array.from({ length: 1000 }, createKey);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(keys.every((key) => key.length === 24 && Buffer.from(key, "base64").length === 16));
  });
});
