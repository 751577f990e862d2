import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type ResponseFaultCode,
  type UpgradeOutcome,
  UpgradeResponseReader,
} from "#wsrally/websocket/upgrade-response-reader.js";

const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const frames = Buffer.from("8104706f6e67", "hex");

interface Change {
  readonly statusLine?: string;
  /** Takes the place of the lines of the same name. */
  readonly replace?: string;
  readonly add?: string;
}

function response({ statusLine = "HTTP/1.1 101 Switching Protocols", replace, add }: Change = {}): string {
  const lines = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
  const name = replace?.split(":", 1)[0]?.toLowerCase();
  const kept = lines.filter((line) => line.split(":", 1)[0]?.toLowerCase() !== name);
  const added = [replace, add].filter((line) => line !== undefined && !line.endsWith(": absent"));
  return `${[statusLine, ...kept, ...added].join("\r\n")}\r\n\r\n`;
}

function read(text: string, subprotocols: readonly string[] = []): UpgradeOutcome {
  const bytes = Buffer.from(text, "latin1");
  return new UpgradeResponseReader({ accept, subprotocols }).read(bytes, 0, bytes.length);
}

describe("UpgradeResponseReader accepts", () => {
  const rows: readonly (readonly [what: string, response: string])[] = [
    ["the plain response", response()],
    ["names and values in any case", response({ replace: "UPGRADE: WebSocket" })],
    ["a list of connection options", response({ replace: "connection: keep-alive,\tUPGRADE" })],
    ["two Connection headers", response({ add: "Connection: keep-alive" })],
    ["no reason", response({ statusLine: "HTTP/1.1 101" })],
    ["an empty reason", response({ statusLine: "HTTP/1.1 101 " })],
    ["blanks around a value", response({ replace: `Sec-WebSocket-Accept: \t ${accept} \t` })],
    ["bytes beyond ASCII in other headers", response({ add: "X-Name: \xe9\xff" })],
    ["a hundred headers", response({ add: Array.from({ length: 97 }, (_, i) => `X-${i}: y`).join("\r\n") })],
    ["early hints before it", `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${response()}`],
  ];
  for (const [what, text] of rows) {
    it(`${what}, cut anywhere, with frames joined on`, () => {
      const bytes = Buffer.concat([Buffer.from(text, "latin1"), frames]);
      for (let place = 1; place <= bytes.length; place++) {
        const reader = new UpgradeResponseReader({ accept, subprotocols: [] });
        // As from a buffer that others use too.
        const first = Buffer.concat([Buffer.from("zz"), bytes.subarray(0, place), Buffer.from("zz")]);
        let at = 0;
        let outcome = reader.read(first, 2, 2 + place);
        if (outcome.kind === "accepted") at = outcome.framesAt - 2;
        first.fill(0);
        if (outcome.kind === "incomplete") {
          outcome = reader.read(bytes, place, bytes.length);
          if (outcome.kind === "accepted") at = outcome.framesAt;
        }
        assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
        assert.deepEqual(bytes.subarray(at), frames);
      }
    });
  }

  it("a response that comes byte by byte", () => {
    const bytes = Buffer.from(response(), "latin1");
    const reader = new UpgradeResponseReader({ accept, subprotocols: [] });
    const kinds = [...bytes].map((_, i) => reader.read(bytes, i, i + 1).kind);
    assert.equal(kinds.pop(), "accepted");
    assert.ok(kinds.every((kind) => kind === "incomplete"));
  });

  it("a subprotocol that was offered, and none though one was", () => {
    const chosen = read(response({ add: "Sec-WebSocket-Protocol: b" }), ["a", "b"]);
    assert.equal(chosen.kind === "accepted" && chosen.subprotocol, "b");
    const none = read(response(), ["a", "b"]);
    assert.equal(none.kind === "accepted" && none.subprotocol, null);
  });

  it("and shows the headers as they came", () => {
    const outcome = read(response({ add: "x-ONE: 1\r\nX-One: 2" }));
    assert.deepEqual(outcome.kind === "accepted" && outcome.fields.slice(3), [
      { name: "x-ONE", value: "1" },
      { name: "X-One", value: "2" },
    ]);
  });
});

describe("UpgradeResponseReader gives the status of", () => {
  const rows: readonly (readonly [text: string, status: number, reason: string])[] = [
    ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "OK"],
    ["HTTP/1.0 502 Bad Gateway\r\n\r\n", 502, "Bad Gateway"],
    ["HTTP/1.1 403\r\n\r\n", 403, ""],
    ["HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n\r\n", 426, "Upgrade Required"],
    ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n", 301, "Moved"],
  ];
  for (const [text, status, reason] of rows) {
    it(`${status} ${reason}`, () => {
      const outcome = read(text);
      assert.ok(outcome.kind === "rejected");
      assert.deepEqual([outcome.status, outcome.reason], [status, reason]);
    });
  }
});

describe("UpgradeResponseReader refuses", () => {
  const long = "y".repeat(16 * 1024);
  const rows: readonly (readonly [what: string, text: string, code: ResponseFaultCode])[] = [
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "not-http"],
    ["a TLS alert", "\x15\x03\x01\x00\x02\x02\x46", "not-http"],
    ["a frame", "\x81\x04pong", "not-http"],
    ["a lone line feed of another protocol", "220 ready\n", "not-http"],
    ["a status that is no number", "HTTP/1.1 abc\r\n\r\n", "not-http"],
    ["HTTP/1.0", response({ statusLine: "HTTP/1.0 101 Switching Protocols" }), "http-version"],
    ["no Upgrade", response({ replace: "Upgrade: absent" }), "upgrade-missing"],
    ["another Upgrade", response({ replace: "Upgrade: h2c" }), "upgrade-missing"],
    ["a list in Upgrade", response({ replace: "Upgrade: websocket, h2c" }), "upgrade-missing"],
    ["two Upgrades", response({ add: "Upgrade: websocket" }), "upgrade-missing"],
    ["no Connection", response({ replace: "Connection: absent" }), "connection-missing"],
    ["Connection: close", response({ replace: "Connection: close" }), "connection-missing"],
    ["Connection: not-upgrade", response({ replace: "Connection: not-upgrade" }), "connection-missing"],
    ["no accept", response({ replace: "Sec-WebSocket-Accept: absent" }), "accept-missing"],
    ["another accept", response({ replace: "Sec-WebSocket-Accept: AAAA" }), "accept-wrong"],
    [
      "the accept in another case",
      response({ replace: `Sec-WebSocket-Accept: ${accept.toLowerCase()}` }),
      "accept-wrong",
    ],
    ["the accept twice", response({ add: `Sec-WebSocket-Accept: ${accept}` }), "accept-wrong"],
    ["an extension", response({ add: "Sec-WebSocket-Extensions: permessage-deflate" }), "extension-unasked"],
    ["a subprotocol", response({ add: "Sec-WebSocket-Protocol: chat" }), "subprotocol-unasked"],
    ["a folded header", response({ add: "X-A: b\r\n c" }), "field-malformed"],
    ["a blank before the colon", response({ replace: "Upgrade : websocket" }), "field-malformed"],
    ["a line of one letter", response({ add: "x\r\nX-A: b" }), "field-malformed"],
    ["a header without a colon", response({ add: "nonsense" }), "field-malformed"],
    ["a NUL in a value", response({ add: "X-A: b\0" }), "field-malformed"],
    ["a carriage return in a value", response({ add: "X-A: b\rc" }), "field-malformed"],
    ["line feeds alone", response().replaceAll("\r\n", "\n"), "bare-line-feed"],
    [
      "101 headers",
      response({ add: Array.from({ length: 98 }, () => "X: y").join("\r\n") }),
      "too-many-fields",
    ],
    ["a head beyond 16 KiB", response({ add: `X: ${long}` }), "head-too-large"],
    ["a head without end", `HTTP/1.1 101 ${long}`, "head-too-large"],
    ["100 Continue without end", "HTTP/1.1 100 Continue\r\n\r\n".repeat(11), "too-many-interim-responses"],
  ];
  for (const [what, text, code] of rows) {
    it(`${what}: ${code}; at once and byte by byte`, () => {
      const outcome = read(text);
      assert.equal(outcome.kind === "invalid" ? outcome.code : outcome.kind, code);
      const bytes = Buffer.from(text, "latin1");
      const reader = new UpgradeResponseReader({ accept, subprotocols: [] });
      let last: UpgradeOutcome = { kind: "incomplete" };
      for (let at = 0; at < bytes.length && last.kind === "incomplete"; at++) {
        last = reader.read(bytes, at, at + 1);
      }
      assert.equal(last.kind === "invalid" ? last.code : last.kind, code);
    });
  }

  it("a subprotocol other than those offered, and two of them", () => {
    for (const add of [
      "Sec-WebSocket-Protocol: C",
      "Sec-WebSocket-Protocol: a, b",
      "Sec-WebSocket-Protocol: ",
    ]) {
      const outcome = read(response({ add }), ["a", "b", "c"]);
      assert.equal(outcome.kind === "invalid" && outcome.code, "subprotocol-unasked");
    }
  });

  it("a head of one byte more than 16 KiB, and takes one of 16 KiB", () => {
    const filler = 16 * 1024 - response({ add: "X: " }).length;
    assert.equal(read(response({ add: `X: ${"y".repeat(filler)}` })).kind, "accepted");
    assert.equal(read(response({ add: `X: ${"y".repeat(filler + 1)}` })).kind, "invalid");
  });
});
