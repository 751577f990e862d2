import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rightUnnumbered, wrongReply } from "#wsrally/load/message-source.js";
import { patternOf, samePattern, valueAt } from "#wsrally/load/talk/message-pattern.js";
import { MessageText, piecesOf } from "#wsrally/load/talk/message-text.js";
import type { Fill, TalkMatch, TalkText } from "#wsrally/load/talk/talk.js";
import { fc } from "../../support/seeded-fast-check.js";

const fill: Fill = { connection: 0xbeef, row: ["ann", "17"], captured: ["s-1"] };
const id: TalkText = [{ field: "id" }];
const seq: TalkText = [{ field: "seq" }];

function read(match: TalkMatch, message: string, connection = fill.connection): number {
  // In the midst of other bytes, as engines give it.
  const data = Buffer.from(`xx${message}yy`, "utf8");
  return patternOf(match, fill, "utf8").read(data, 2, data.length - 2, connection);
}

describe("a message's text", () => {
  it("is filled with the connection's own values once, and with each message's digits", () => {
    const text: TalkText = [
      "é ",
      { column: 0 },
      " ",
      { captured: 0 },
      " ",
      { field: "connection" },
      " ",
      ...id,
      " ",
      ...seq,
      " ",
      { field: "now" },
    ];
    const message = new MessageText(piecesOf(text, fill, "utf8"));
    const before = Date.now();
    const written = message.write(0xbeef, 0x1f).toString("utf8");
    const [head, now] = [written.slice(0, -13), Number(written.slice(-13))];
    assert.equal(head, "é ann s-1 00beef wsr00beef-0000001f 1000000031 ");
    assert.ok(now >= before && now <= Date.now());
    assert.equal(
      message.write(0xbeef, 0x20).toString("utf8").slice(0, 35),
      "é ann s-1 00beef wsr00beef-00000020",
    );
  });

  it("is Latin-1 in a binary frame", () => {
    const message = new MessageText(piecesOf(["\xc0\0"], fill, "latin1"));
    assert.deepEqual([...message.write(0, 0)], [0xc0, 0]);
  });

  it("is known again by its reply, whatever the number", () => {
    const text: TalkText = ['{"id":"', ...id, '","n":', ...seq, "}"];
    const message = new MessageText(piecesOf(text, fill, "utf8"));
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.string(), fc.string(), (sequence, before, after) => {
        const sent = message.write(fill.connection, sequence);
        const echo = sent.toString("utf8");
        assert.equal(samePattern(text, fill, "utf8").read(sent, 0, sent.length, fill.connection), sequence);
        assert.equal(read({ match: "contains", value: id }, `${before}${echo}${after}`), sequence);
        assert.equal(read({ match: "json", path: ["id"], value: id }, echo), sequence);
        assert.equal(read({ match: "json", path: ["n"], value: seq }, echo), sequence);
        assert.equal(read({ match: "contains", value: id }, echo, 0xbeee), wrongReply);
      }),
    );
  });
});

describe("a message's pattern", () => {
  const contains = (...value: TalkText): TalkMatch => ({ match: "contains", value });
  const equals = (...value: TalkText): TalkMatch => ({ match: "equals", value });
  const json = (path: string, ...value: TalkText): TalkMatch => ({
    match: "json",
    path: path.split("."),
    value,
  });
  const rows: readonly (readonly [string, TalkMatch, string, boolean])[] = [
    ["holds a text", contains("pong"), "say pong now", true],
    ["holds it at its end", contains("pong"), "pong", true],
    ["holds it not beyond its end", contains("pongy"), "pong", false],
    ["holds not a part of it", contains("pong"), "pon", false],
    ["holds it the second time it begins", contains("aab"), "aaab", true],
    ["holds a connection's own value", contains({ column: 0 }, ":", { captured: 0 }), "to ann:s-1", true],
    ["holds another's", contains({ column: 0 }), "to bob", false],
    ["is a text", equals("2"), "2", true],
    ["is longer than it", equals("2"), "23", false],
    ["has a value", json("type", "ack"), '{"type":"ack"}', true],
    ["has a value as JSON may write it", json("a b", "é"), '{"a b":"\\u00e9"}', true],
    ["has another value", json("type", "ack"), '{"type":"nack"}', false],
    ["has it elsewhere", json("type", "ack"), '{"of":{"type":"ack"}}', false],
    ["has a value within", json("data.0.n", "17"), '{"data":[{"n":17}]}', true],
    ["has a truth", json("ok", "true"), '{"ok":true}', true],
    ["has an object there", json("ok", "true"), '{"ok":{"true":1}}', false],
    ["has nothing there", json("ok.deep", "true"), '{"ok":null,"x":true}', false],
    ["is no JSON", json("ok", "true"), '{"ok":true', false],
    ["has a prototype's name", json("__proto__", "true"), '{"x":true}', false],
    ["is JSON behind Engine.IO's digits", json("1.x", "1"), '421["m",{"x":1}]', true],
    ["is JSON before SignalR's separator", json("type", "6"), '{"type":6}\x1e', true],
    ["has ten digits that count from before the first", contains("n", ...seq), "n0999999999", false],
    ["has no digits where they are wanted", contains(...id), "wsr00beef-0000001g", false],
  ];
  for (const [what, match, message, isMeant] of rows) {
    it(`${what}: ${isMeant ? "meant" : "not meant"}`, () => {
      assert.equal(read(match, message), isMeant ? rightUnnumbered : wrongReply);
    });
  }

  it("finds what moves from message to message", () => {
    const pattern = patternOf(contains("id=", ...seq), fill, "utf8");
    for (const [sequence, message] of [
      [1, "id=1000000001"],
      [2, "much before id=1000000002"],
      [3, "id=1000000003 and more"],
      [4, "id=? id=1000000004"],
    ] as const) {
      const data = Buffer.from(message);
      assert.equal(pattern.read(data, 0, data.length, 0), sequence);
    }
  });

  it("is found in linear time where its beginning stands everywhere", () => {
    const data = Buffer.alloc(1_000_000, "a");
    assert.equal(patternOf(contains("ab"), fill, "utf8").read(data, 0, data.length, 0), wrongReply);
  });
});

describe("valueAt()", () => {
  it("gives null for what is no value", () => {
    const message = Buffer.from('{"a":null,"b":[],"c":"x"}');
    assert.deepEqual(
      ["a", "b", "c", "d"].map((name) => valueAt(message, [name])),
      [null, null, "x", null],
    );
  });
});
