/**
 * Where the corpus leans on what Apache does, Apache is asked; all of it by night (corpus.nightly.test.ts).
 */
import { describe, it } from "node:test";
import { apacheDriver } from "#wsrally/proxy/apache/driver.js";
import { dayShare } from "../../support/day-share.js";
import { withUpgrades } from "../support/upgrade-bench.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { refusedRows } from "./corpus/refused-rows.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Apache's corpus, run", () => {
  it("comes to what its rows say", async (test) => {
    await withUpgrades(apacheDriver, async (bench) => {
      for (const row of [...goodRows, ...faultRows].filter(({ isTried }) => isTried))
        await test.test(row.name, () => tryRow(row, bench));
    });
  });

  it("is refused in Apache's words, and it is said what they mean", async (test) => {
    await withUpgrades(apacheDriver, async (bench) => {
      for (const row of dayShare(refusedRows)) await test.test(row.name, () => tryRefused(row, bench));
    });
  });
});
