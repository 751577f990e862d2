import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ReplayedSource } from "#wsrally/load/replay/replayed-source.js";
import { createReplayedTurns } from "#wsrally/load/replay/replayed-turns.js";
import { readHar } from "#wsrally/scenario/replay/read-har.js";
import { rateOfTraffic } from "#wsrally/scenario/replay/session.js";
import { chat, writeHar } from "../../support/recorded.js";

describe("createReplayedTurns()", () => {
  it("keeps every session's gaps, round after round, and the rate that all of them come to", () => {
    const traffic = readHar(
      writeHar([
        chat,
        [
          [0, ">", "a"],
          [300, ">", "b"],
          [400, "<", "c"],
        ],
      ]),
    );
    const connections = 20;
    const source = new ReplayedSource(traffic, 0, connections, 5);
    const turns = createReplayedTurns(connections, (one, sequence) => source.dueMs(one, sequence));
    const due = Array.from({ length: connections }, (): number[] => []);
    let [last, count] = [0, 0];
    for (let ns = turns.nextNs(); ns < 60e9; ns = turns.nextNs()) {
      assert.ok(ns >= last);
      last = ns;
      count++;
      due[turns.nextConnection() ?? -1]?.push(ns / 1e6);
    }
    const expected = rateOfTraffic(traffic, connections) * 60;
    assert.ok(Math.abs(count / expected - 1) < 0.01, `${count} of ${expected}`);
    const gapsOf = (connection: number): number[] =>
      [
        ...new Set(
          (due[connection] ?? [])
            .slice(1)
            .map((at, index) => Math.round(at - (due[connection]?.[index] ?? 0))),
        ),
      ].sort((a, b) => a - b);
    // 40, 20 and 10 ms within a round of 135, and 65 from one to the next.
    assert.deepEqual(gapsOf(0), [10, 20, 40, 65]);
    assert.deepEqual(gapsOf(1), [300]);
    const starts = due.map(([first = 0]) => Math.round(first));
    assert.ok(new Set(starts).size > connections / 2, "they do not begin together");
  });
});
