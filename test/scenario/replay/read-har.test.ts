import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readHar } from "#wsrally/scenario/replay/read-har.js";
import { rateOfTraffic, replyAfterMs } from "#wsrally/scenario/replay/session.js";
import { chat, writeHar } from "../../support/recorded.js";

function near(given: unknown): unknown {
  return JSON.parse(
    JSON.stringify(given, (_, value) => (typeof value === "number" ? Math.round(value) : value)),
  );
}

describe("readHar()", () => {
  it("has of each session when who sent how much, and nothing of what", () => {
    const { sessions } = readHar(writeHar([chat]));
    assert.deepEqual(near(sessions), [
      {
        cycleMs: 135,
        turns: [
          {
            atMs: 20,
            isBinary: false,
            bytes: 15,
            downs: [
              { afterMs: 10, isBinary: false, bytes: 18 },
              { afterMs: 30, isBinary: true, bytes: 4 },
            ],
          },
          { atMs: 60, isBinary: false, bytes: 1, downs: [{ afterMs: 1, isBinary: false, bytes: 1 }] },
          { atMs: 80, isBinary: true, bytes: 2, downs: [] },
          {
            atMs: 90,
            isBinary: false,
            bytes: 0,
            // And what the server says before the client, at the start of the next round.
            downs: [
              { afterMs: 30, isBinary: false, bytes: 240 },
              { afterMs: 45, isBinary: false, bytes: 14 },
            ],
          },
        ],
      },
    ]);
    assert.ok(!JSON.stringify(sessions).includes("ann"));
  });

  it("knows seconds, as browsers write them, from Playwright's milliseconds", () => {
    assert.deepEqual(
      near(readHar(writeHar([chat], 1000)).sessions),
      near(readHar(writeHar([chat])).sessions),
    );
  });

  it("tells a reply from what the server says by itself, by how soon it comes", () => {
    const { sessions } = readHar(
      writeHar([
        [
          [0, ">", "a"],
          [1900, "<", "b"],
          [2000, ">", "a"],
          [5000, "<", "b"],
        ],
      ]),
    );
    assert.deepEqual(near(sessions[0]?.turns.map(replyAfterMs)), [1900, null]);
  });

  it("measures how much DEFLATE saves, each way", () => {
    const noise = Buffer.from(Array.from({ length: 2000 }, (_, at) => (at * at * 7919) >>> 3));
    const { savedPercent } = readHar(
      writeHar([
        [
          [0, ">", "same ".repeat(400)],
          [1, "<", noise],
        ],
      ]),
    );
    assert.ok(savedPercent.up > 95, `${savedPercent.up}`);
    assert.ok(savedPercent.down < savedPercent.up);
  });

  it("leaves out sessions in which the client says nothing, and offers what the others come to", () => {
    const traffic = readHar(writeHar([[[0, "<", "tick"]], chat, [[0, ">", "alone"]]]));
    assert.equal(traffic.sessions.length, 2);
    const expected = (2 * 4000) / 135 + 1;
    assert.ok(Math.abs(rateOfTraffic(traffic, 3) - expected) < 0.01, `${rateOfTraffic(traffic, 3)}`);
  });

  const folder = mkdtempSync(join(tmpdir(), "wsrally-no-har-"));
  const rows: readonly (readonly [text: string, fault: RegExp])[] = [
    ["{", /it is no JSON; want a HAR file/],
    ["[]", /it has no WebSocket message of a client; want a HAR that was saved with/],
    ['{"log":{"entries":[{"_webSocketMessages":[{"type":"send"},null,3]}]}}', /it has no WebSocket message/],
    [
      '{"log":{"entries":[{"_webSocketMessages":[{"type":"send","time":1,"opcode":9,"data":""}]}]}}',
      /it has no/,
    ],
  ];
  for (const [at, [text, fault]] of rows.entries()) {
    it(`refuses in a line what is no recording: ${text}`, () => {
      const file = join(folder, `${at}.har`);
      writeFileSync(file, text);
      assert.throws(() => readHar(file), { name: "UsageError", message: fault });
    });
  }

  it("says which file is not there", () => {
    assert.throws(() => readHar("no-such.har"), /^UsageError: Cannot replay no-such\.har: ENOENT/);
  });
});
