/** The whole corpus, by the Envoy that WSRALLY_ENVOY names. */
import { describe, it } from "node:test";
import { envoyDriver } from "#wsrally/proxy/envoy/driver.js";
import { withUpgrades } from "../support/upgrade-bench.js";
import { corpus } from "./corpus-rows.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Envoy's corpus, all of it run", () => {
  it("answers as its rows say, and is refused where they say so", async (test) => {
    await withUpgrades(envoyDriver, async (bench) => {
      for (const row of corpus) {
        if (row.answers !== undefined) await test.test(row.file, () => tryRow(row, bench));
        if (row.refused !== undefined) await test.test(row.file, () => tryRefused(row, bench));
      }
    });
  });
});
