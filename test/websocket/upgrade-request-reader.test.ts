import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type RequestFaultCode,
  type RequestReading,
  UpgradeRequestReader,
} from "#wsrally/websocket/upgrade-request-reader.js";
import { fc } from "../support/seeded-fast-check.js";

const key = "dGhlIHNhbXBsZSBub25jZQ==";
const handshake: readonly string[] = [
  "Host: example.com",
  "Upgrade: websocket",
  "Connection: Upgrade",
  `Sec-WebSocket-Key: ${key}`,
  "Sec-WebSocket-Version: 13",
];

interface Change {
  readonly line?: string;
  readonly without?: string;
  readonly add?: readonly string[];
}

function request({ line = "GET /sock HTTP/1.1", without, add = [] }: Change = {}): string {
  const kept = handshake.filter((field) => without === undefined || !field.startsWith(`${without}:`));
  return `${[line, ...kept, ...add].join("\r\n")}\r\n\r\n`;
}

function read(text: string): RequestReading {
  const bytes = Buffer.from(text, "latin1");
  return new UpgradeRequestReader().read(bytes, 0, bytes.length);
}

describe("UpgradeRequestReader takes for an upgrade", () => {
  const rows: readonly (readonly [what: string, text: string, version: string])[] = [
    ["the plain request", request(), "1.1"],
    ["HTTP/1.0", request({ line: "GET /sock HTTP/1.0" }), "1.0"],
    ["HTTP/1.0 without Host", request({ line: "GET /sock HTTP/1.0", without: "Host" }), "1.0"],
    ["a list in Upgrade", request({ without: "Upgrade", add: ["upgrade: h2c, WebSocket"] }), "1.1"],
    [
      "Firefox's Connection",
      request({ without: "Connection", add: ["connection: keep-alive, Upgrade"] }),
      "1.1",
    ],
    ["an empty line before it", `\r\n${request()}`, "1.1"],
  ];
  for (const [what, text, version] of rows) {
    it(`${what}, cut anywhere, with a frame joined on`, () => {
      const bytes = Buffer.from(`${text}FRAME`, "latin1");
      for (let place = 0; place <= bytes.length; place++) {
        const reader = new UpgradeRequestReader();
        let reading = reader.read(bytes, 0, place);
        if (reading.kind === "incomplete") reading = reader.read(bytes, place, bytes.length);
        assert.ok(reading.kind === "upgrade", JSON.stringify(reading));
        assert.equal(reading.key, key);
        assert.equal(reading.request.path, "/sock");
        assert.equal(reading.request.httpVersion, version);
        assert.equal(reading.framesAt, text.length);
        assert.equal(reading.request.raw.toString("latin1"), text);
      }
    });
  }

  it("a request whose path has a query, with subprotocols in two headers", () => {
    const reading = read(
      request({
        line: "GET /sock?a=1?b HTTP/1.1",
        add: ["Sec-WebSocket-Protocol: a ,b", "sec-websocket-protocol: c"],
      }),
    );
    assert.ok(reading.kind === "upgrade");
    assert.deepEqual(reading.subprotocols, ["a", "b", "c"]);
    assert.equal(reading.request.path, "/sock");
    assert.equal(reading.request.target, "/sock?a=1?b");
  });

  it("and shows every header in its case, its order and its bytes", () => {
    const text = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
    const name = fc.stringMatching(new RegExp(`^X-${text}{1,8}$`));
    const value = fc.stringMatching(/^([!-~\x80-\xff]([\t -~\x80-\xff]{0,10}[!-~\x80-\xff])?)?$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 20 }), fc.nat(), (fields, place) => {
        const sent = request({ add: fields.map(([of, is]) => `${of}: ${is}`) });
        const bytes = Buffer.from(sent, "latin1");
        const at = place % bytes.length;
        const reader = new UpgradeRequestReader();
        assert.equal(reader.read(bytes, 0, at).kind, "incomplete");
        const reading = reader.read(bytes, at, bytes.length);
        assert.ok(reading.kind === "upgrade");
        assert.deepEqual(
          reading.request.fields.slice(handshake.length),
          fields.map(([of, is]) => ({ name: of, value: is })),
        );
        assert.deepEqual(reading.request.raw, bytes);
      }),
    );
  });
});

describe("UpgradeRequestReader takes for a plain request", () => {
  const rows: readonly (readonly [what: string, text: string, method: string, path: string])[] = [
    ["a browser's", "GET / HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", "GET", "/"],
    ["one with a body", "POST /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", "POST", "/x"],
    ["HTTP/1.0 without Host", "HEAD / HTTP/1.0\r\n\r\n", "HEAD", "/"],
    ["a handshake whose Upgrade a proxy took away", request({ without: "Upgrade" }), "GET", "/sock"],
    [
      "a handshake whose Connection a proxy set to close",
      request({ without: "Connection", add: ["Connection: close"] }),
      "GET",
      "/sock",
    ],
  ];
  for (const [what, text, method, path] of rows) {
    it(what, () => {
      const reading = read(text);
      assert.ok(reading.kind === "plain");
      assert.deepEqual([reading.request.method, reading.request.path], [method, path]);
      assert.equal(reading.bodyAt, text.indexOf("\r\n\r\n") + 4);
    });
  }
});

it("UpgradeRequestReader tells where HTTP/2 goes on behind the first half of its preface", () => {
  assert.deepEqual(read("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), { kind: "http2", restAt: 18 });
});

describe("UpgradeRequestReader refuses", () => {
  const rows: readonly (readonly [what: string, text: string, status: number, code: RequestFaultCode])[] = [
    ["POST", request({ line: "POST /sock HTTP/1.1" }), 400, "method-not-get"],
    ["no Host", request({ without: "Host" }), 400, "host-missing"],
    ["two Hosts", request({ add: ["Host: b"] }), 400, "host-missing"],
    ["no key", request({ without: "Sec-WebSocket-Key" }), 400, "key-invalid"],
    ["two keys", request({ add: [`Sec-WebSocket-Key: ${key}`] }), 400, "key-invalid"],
    [
      "a key of 15 bytes",
      request({ without: "Sec-WebSocket-Key", add: ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA"] }),
      400,
      "key-invalid",
    ],
    [
      "a key that is not base64",
      request({ without: "Sec-WebSocket-Key", add: ["Sec-WebSocket-Key: ??hlIHNhbXBsZSBub25jZQ=="] }),
      400,
      "key-invalid",
    ],
    ["no version", request({ without: "Sec-WebSocket-Version" }), 426, "version-not-13"],
    [
      "version 8",
      request({ without: "Sec-WebSocket-Version", add: ["Sec-WebSocket-Version: 8"] }),
      426,
      "version-not-13",
    ],
    ["version 13 twice", request({ add: ["Sec-WebSocket-Version: 13"] }), 426, "version-not-13"],
    ["HTTP/2's method alone", "PRI /sock HTTP/2.0\r\n\r\n", 400, "request-line-malformed"],
    ["a target with a blank", request({ line: "GET /a b HTTP/1.1" }), 400, "request-line-malformed"],
    ["TLS", "\x16\x03\x01\x02\x00\x01\n", 400, "bare-line-feed"],
    ["a folded header", request({ add: ["X: a", " b"] }), 400, "field-malformed"],
    ["a head without end", `GET /${"a".repeat(17_000)}`, 400, "head-too-large"],
    ["101 headers", request({ add: Array.from({ length: 96 }, () => "X: y") }), 400, "too-many-fields"],
  ];
  for (const [what, text, status, code] of rows) {
    it(`${what}: ${code}, ${status}; and keeps what came`, () => {
      const reading = read(text);
      assert.ok(reading.kind === "refused", reading.kind);
      assert.deepEqual([reading.code, reading.status], [code, status]);
      assert.ok(reading.raw.length > 0 && text.startsWith(reading.raw.toString("latin1")));
    });
  }
});
