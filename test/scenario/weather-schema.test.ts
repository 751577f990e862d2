import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resolveWorkload, workloadSchema } from "#wsrally/scenario/workload.js";

const weather = (given: Record<string, unknown>) => resolveWorkload(workloadSchema.parse(given)).line;

describe("the workload's delay and loss", () => {
  const rows = [
    { given: {}, line: null },
    { given: { delay: "20ms" }, line: { delayMs: 20, jitterMs: 0, lossShare: 0 } },
    { given: { delay: "20ms,5ms", loss: "1%" }, line: { delayMs: 20, jitterMs: 5, lossShare: 0.01 } },
    { given: { delay: 0.02 }, line: { delayMs: 20, jitterMs: 0, lossShare: 0 } },
    { given: { loss: 0.5 }, line: { delayMs: 0, jitterMs: 0, lossShare: 0.5 } },
    // Asked for by name, so that an arm without weather has the line's own time too.
    { given: { loss: "0%" }, line: { delayMs: 0, jitterMs: 0, lossShare: 0 } },
  ];
  for (const { given, line } of rows)
    it(JSON.stringify(given), () => {
      assert.deepEqual(weather(given), line);
      // A matrix reads what was read once before.
      assert.deepEqual(weather(workloadSchema.parse(given)), line);
    });

  for (const given of [
    { delay: "20" },
    { delay: "3s" },
    { delay: "20ms,x" },
    { delay: "1ms,1ms,1ms" },
    { loss: "95%" },
  ])
    it(`refuses ${JSON.stringify(given)}`, () => {
      const { success, error } = workloadSchema.safeParse(given);
      assert.equal(success, false);
      assert.match(error?.issues[0]?.message ?? "", /^want a (time up to 2s|share)/);
    });
});
