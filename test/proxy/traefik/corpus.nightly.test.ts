/**
 * The whole corpus, by the Traefik that WSRALLY_TRAEFIK names, be it an old one.
 */
import { describe, it } from "node:test";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import { traefikDriver } from "#wsrally/proxy/traefik/driver.js";
import { withUpgrades } from "../support/upgrade-bench.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { refusedRows } from "./corpus/refused-rows.js";
import { upstreamRows } from "./corpus/upstream-rows.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Traefik's corpus, all of it run", () => {
  it("comes to what its rows say, and is refused where they say so", async (test) => {
    await withUpgrades(traefikDriver, async (bench) => {
      const { version } = await findProgram(traefikDriver.program);
      for (const row of [...goodRows, ...faultRows, ...upstreamRows])
        await test.test(row.name, () => tryRow(row, bench, version));
      for (const row of refusedRows) await test.test(row.name, () => tryRefused(row, bench));
    });
  });
});
