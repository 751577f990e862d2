/** Each part of a real trial stopped in the middle of it: whose standstill it was is told, and ours does not count. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { createThreadPool, type GeneratorPool } from "#wsrally/load/generator-pool.js";
import { readTitle } from "#wsrally/proxy/proc-files.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { TrialRecord } from "#wsrally/trial/trial-record.js";
import { nginxWorkers, runOneTrial, type TrialProxy } from "../support/trial-bench.js";
import { epollOnly } from "../support/with-pong-server.js";

/** More than the second that counts at least. */
const stopS = 1.6;

/** Stopped once the watch for it has begun, and started again by somebody else, for it may be this process. */
function standStill(pids: readonly number[]): void {
  assert.ok(pids.length > 0, "nobody to stop");
  const script = `sleep 0.3; kill -STOP ${pids.join(" ")}; sleep ${stopS}; kill -CONT ${pids.join(" ")}`;
  spawn("sh", ["-c", script], { stdio: "ignore", detached: true });
}

const backends = (): number[] =>
  processTree(process.pid).filter((pid) => readTitle(pid)?.includes("backend-main") === true);

describe("a part that is stopped in the middle of a trial", epollOnly, () => {
  let pool: GeneratorPool;
  before(() => {
    pool = createThreadPool(2);
  });
  after(() => pool.close());
  const trial = (pidsOf: (proxy: TrialProxy) => readonly number[], ratePerS: number | null) =>
    runOneTrial(
      pool,
      { arm: "nginx", durationS: 2.6, ratePerS },
      { measured: (proxy) => standStill(pidsOf(proxy)) },
    );
  /** The longest, in milliseconds. */
  const longest = ({ histograms }: TrialRecord, series: "wire"): number =>
    (histograms.get(series)?.max() ?? 0) / 1e6;

  it("the proxy: its own, which counts, and shows in the times", async () => {
    const record = await trial(({ folder }) => nginxWorkers(folder), 200);
    assert.deepEqual(standstillsIn(record), []);
    assert.equal(record.generator.healthy, true, record.generator.reasons.join());
    assert.deepEqual(record.failures, []);
    assert.ok(longest(record, "wire") > stopS * 900, `${longest(record, "wire")} ms`);
  });

  it("wsrally's backend: no fault of the proxy's, and the trial does not count", async () => {
    const record = await trial(backends, 200);
    assert.deepEqual(standstillsIn(record), ["backend-stood-still"]);
    assert.ok(record.disqualifiedBecause.includes("backend-stood-still"));
    assert.deepEqual(record.failures, []);
  });

  for (const ratePerS of [200, null])
    it(`the generator, in ${ratePerS === null ? "a closed" : "an open"} loop: the same`, async () => {
      const record = await trial(() => [process.pid], ratePerS);
      assert.ok(standstillsIn(record).includes("generator-stood-still"), record.generator.reasons.join());
      assert.equal(record.generator.healthy, false);
      assert.deepEqual(record.failures, []);
    });
});

function standstillsIn({ generator }: TrialRecord): string[] {
  return generator.reasons.filter((reason) => reason.endsWith("-stood-still"));
}
