/**
 * Where the corpus leans on what Caddy does, Caddy is asked; all of it by night (corpus.nightly.test.ts).
 */
import { describe, it } from "node:test";
import { caddyDriver } from "#wsrally/proxy/caddy/driver.js";
import { dayShare } from "../../support/day-share.js";
import { withUpgrades } from "../support/upgrade-bench.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { refusedRows } from "./corpus/refused-rows.js";
import { routeRows } from "./corpus/route-rows.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Caddy's corpus, run", () => {
  it("comes to what its rows say", async (test) => {
    await withUpgrades(caddyDriver, async (bench) => {
      for (const row of [...goodRows, ...routeRows, ...faultRows].filter(({ isTried }) => isTried))
        await test.test(row.name, () => tryRow(row, bench, "2.11"));
    });
  });

  it("is refused in Caddy's words, and it is said what they mean", async (test) => {
    await withUpgrades(caddyDriver, async (bench) => {
      for (const row of dayShare(refusedRows)) await test.test(row.name, () => tryRefused(row, bench));
    });
  });
});
