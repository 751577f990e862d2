/** The whole corpus as it runs, and before a gate; of both the ordinary tests try a share. */
import { describe, it } from "node:test";
import { corpus } from "./corpus-rows.js";
import { withHaproxy } from "./support/haproxy-bench.js";
import { prepareAsGate } from "./support/prepare-as-gate.js";
import { tryRow } from "./support/try-row.js";

describe("HAProxy's corpus, all of it run", () => {
  it("says what it must, and nothing else", async (test) => {
    await withHaproxy(async (bench) => {
      for (const row of corpus) await test.test(row.file, () => tryRow(row, bench));
    });
  });

  it("is taken by a gate, or refused with its place", async (test) => {
    await withHaproxy(async (bench) => {
      for (const row of corpus) await test.test(row.file, () => prepareAsGate(row, bench));
    });
  });
});
