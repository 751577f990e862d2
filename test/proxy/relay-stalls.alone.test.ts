/**
 * A relay that stands still on purpose, beside which nothing else may: a slice is only a stall against quiet ones.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

describe("the embedded relay", () => {
  it("stands still as long as it is told to, which shows as stalls", async () => {
    await withFolder(async (out) => {
      const load = [
        "--connections",
        "10",
        "--rate",
        "5500",
        "--duration",
        "1.2",
        "--warmup",
        "0",
        "--blocks",
        "1",
      ];
      const args = ["run", "embedded", "--set", "stall_ms=250", ...load, "--json", "--out", out];
      const { code, stdout, stderr } = await runHere(args);
      assert.equal(code, 0, stderr);
      const [trial] = (JSON.parse(stdout) as RunDocument).arms[0]?.trials ?? [];
      const { slices, stallsPerS, stallsSetAside } = trial ?? {};
      // A message that falls due in a whole slice of standing still waits for it, and so do all beside it.
      const slow = slices?.p99Us.filter((p99Us) => (p99Us ?? 0) >= 100_000) ?? [];
      assert.ok(slow.length >= 2, JSON.stringify(slices?.p99Us));
      assert.ok((stallsPerS ?? 0) + (stallsSetAside ?? 0) > 0, "none was counted");
    });
  });
});
