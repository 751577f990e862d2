/** The whole corpus before a gate, of which the ordinary tests try what it refuses. */
import { describe, it } from "node:test";
import { corpus } from "./corpus-rows.js";
import { withHaproxy } from "./support/haproxy-bench.js";
import { prepareAsGate } from "./support/prepare-as-gate.js";

describe("HAProxy's corpus before a gate", () => {
  it("is taken, or refused with its place", async (test) => {
    await withHaproxy(async (bench) => {
      for (const row of corpus) await test.test(row.file, () => prepareAsGate(row, bench));
    });
  });
});
