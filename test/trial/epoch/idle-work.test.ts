import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idleWorker, idleWorkWords } from "#wsrally/trial/epoch/idle-work.js";

const trial = (arm: string, idleCpuShare?: number) => ({ arm, proxyCost: { idleCpuShare } });

describe("idleWorker()", () => {
  it("names the arm that worked most in the slots of others, by its mean", () => {
    const trials = [trial("a", 0.01), trial("b", 0.03), trial("a", 0), trial("b", 0.01), trial("c", 0.009)];
    const worker = idleWorker(trials);
    assert.deepEqual(worker, { arm: "b", share: 0.02 });
    assert.equal(worker && idleWorkWords(worker), "b used 2.0 % of a processor while others had the load");
  });

  it("names nobody for half a percent or less", () => {
    assert.equal(idleWorker([trial("a", 0.0049), trial("b", 0)]), null);
    assert.equal(idleWorker([trial("a", 0.008), trial("a", 0)]), null);
  });

  it("takes a trial that tells nothing for nothing", () => {
    assert.equal(idleWorker([trial("a"), { arm: "b", proxyCost: null }]), null);
    assert.deepEqual(idleWorker([trial("a"), trial("a", 0.02)]), { arm: "a", share: 0.02 });
  });
});
