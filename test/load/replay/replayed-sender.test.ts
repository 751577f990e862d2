import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLiveMemory, LiveWriter } from "#wsrally/load/live-figures.js";
import { Recorder } from "#wsrally/load/recorder.js";
import { ReplayedSender } from "#wsrally/load/replay/replayed-sender.js";
import { ReplayedSource } from "#wsrally/load/replay/replayed-source.js";
import { readHar } from "#wsrally/scenario/replay/read-har.js";
import { type Said, writeHar } from "../../support/recorded.js";

const turns = 7;
/** Each message longer by one than the one before. */
const session = Array.from({ length: turns }, (_, at): Said => [at * 100, ">", "x".repeat(at + 1)]);

describe("a recorded session whose connection is lost", () => {
  it("goes on where the time has come to, once it is open again", () => {
    const source = new ReplayedSource(readHar(writeHar([session])), 0, 1, 5);
    const recorder = new Recorder(1, source, new LiveWriter(createLiveMemory()));
    const sent: (number | null)[] = [];
    let isOpen = true;
    const engine = {
      send: (_: number, data: Buffer): boolean => {
        sent.push(isOpen ? data.length : null);
        return isOpen;
      },
    };
    const sender = new ReplayedSender({ source, recorder, engine }, source);
    for (let at = 0; at < 2 * turns; at++) {
      isOpen = at < 4 || at > 8;
      sender.fallsDue(0, at);
    }
    const [first = null] = sent;
    assert.ok(first !== null);
    assert.deepEqual(
      sent,
      sent.map((_, at) => (at < 4 || at > 8 ? ((first - 1 + at) % turns) + 1 : null)),
    );
  });
});
