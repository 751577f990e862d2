import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { engines } from "../support/engines.js";
import { startLateReader } from "../support/late-reader.js";
import { runThreadAlone, targetAt } from "../support/run-thread-alone.js";

const pauseMs = 600;

for (const engine of engines) {
  describe(`${engine}: a peer that stops reading for a while`, () => {
    for (const bytes of [100, 3000, 20_000]) {
      it(`gets everything in the end, in order and once: messages of ${bytes} bytes`, async () => {
        const server = await startLateReader(pauseMs);
        try {
          const { counts, failures } = await runThreadAlone(targetAt(server.port), {
            ratePerS: Math.min(20_000, 15e6 / bytes),
            durationMs: 700,
            drainMs: 10_000,
            job: { engine, connections: 1, message: { kind: "payload", bytes, binary: true } },
          });
          assert.deepEqual(failures, []);
          assert.equal(counts.totalReceived, counts.totalSent);
          assert.equal(counts.windowSent, counts.windowDue);
        } finally {
          await server.close();
        }
      });
    }
  });
}
