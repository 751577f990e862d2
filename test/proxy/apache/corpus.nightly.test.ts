/**
 * The whole corpus, by the Apache that WSRALLY_APACHE names.
 */
import { describe, it } from "node:test";
import { apacheDriver } from "#wsrally/proxy/apache/driver.js";
import { withUpgrades } from "../support/upgrade-bench.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { refusedRows } from "./corpus/refused-rows.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Apache's corpus, all of it run", () => {
  it("comes to what its rows say, and is refused where they say so", async (test) => {
    await withUpgrades(apacheDriver, async (bench) => {
      for (const row of refusedRows) await test.test(row.name, () => tryRefused(row, bench));
      for (const row of [...goodRows, ...faultRows].filter(({ isReadOnly }) => isReadOnly !== true))
        await test.test(row.name, () => tryRow(row, bench));
    });
  });
});
