import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readHar } from "#wsrally/scenario/replay/read-har.js";
import { summarise } from "#wsrally/scenario/replay/summary.js";
import { resolveWorkload, workloadSchema } from "#wsrally/scenario/workload.js";
import { chat, type Said, writeHar } from "../../support/recorded.js";

/** So many messages of 100 bytes, one each second, each answered by twice as much. */
function steady(count: number, everyMs: number): Said[] {
  return Array.from({ length: count }, (_, at): Said[] => [
    [at * everyMs, ">", "q".repeat(100)],
    [at * everyMs + 5, "<", "a".repeat(200)],
  ]).flat();
}

describe("summarise()", () => {
  it("tells how often and how much each side sends", () => {
    const { sessions, up, replies, own } = summarise(readHar(writeHar([chat])));
    assert.equal(sessions, 1);
    assert.deepEqual([up.messages, up.p50, up.max], [4, 1, 15]);
    assert.deepEqual([replies.messages, replies.p50, replies.max], [3, 18, 240]);
    assert.deepEqual([own.messages, own.p50, own.max], [2, 4, 14]);
    assert.equal(up.perS, 29.6);
  });

  it("gives a workload that can be run, with the same sizes, and classes of the same rates", () => {
    const { workload } = summarise(readHar(writeHar([steady(50, 100), steady(50, 1000)])));
    assert.deepEqual(workload.sizes, { up: "100", down: "200" });
    assert.deepEqual(workload.mix, [
      { share: 0.5, rate: 1.01 },
      { share: 0.5, rate: 10.1 },
    ]);
    const { loop } = resolveWorkload(workloadSchema.parse(workload));
    assert.deepEqual(loop, { kind: "open", ratePerS: 555.5 });
  });

  it("has one class for sessions of one rate", () => {
    const { workload } = summarise(readHar(writeHar([steady(50, 100), steady(50, 100), steady(50, 1000)])));
    assert.deepEqual(workload.mix, [
      { share: 0.3333, rate: 1.01 },
      { share: 0.6667, rate: 10.1 },
    ]);
  });

  it("has what the server sends unasked as push, and what is no message of the load within its least sizes", () => {
    const { workload } = summarise(readHar(writeHar([chat, chat, chat])));
    assert.deepEqual((workload.push as { size: number }).size, 64);
    assert.ok(workloadSchema.safeParse(workload).success, JSON.stringify(workload));
  });
});
