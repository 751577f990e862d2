/**
 * The whole corpus, by the Caddy that WSRALLY_CADDY names, be it an old one.
 */
import { describe, it } from "node:test";
import { caddyDriver } from "#wsrally/proxy/caddy/driver.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import { withUpgrades } from "../support/upgrade-bench.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { refusedRows } from "./corpus/refused-rows.js";
import { routeRows } from "./corpus/route-rows.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Caddy's corpus, all of it run", () => {
  it("comes to what its rows say, and is refused where they say so", async (test) => {
    await withUpgrades(caddyDriver, async (bench) => {
      const { version } = await findProgram(caddyDriver.program);
      for (const row of refusedRows) await test.test(row.name, () => tryRefused(row, bench));
      for (const row of [...goodRows, ...routeRows, ...faultRows])
        await test.test(row.name, () => tryRow(row, bench, version));
    });
  });
});
