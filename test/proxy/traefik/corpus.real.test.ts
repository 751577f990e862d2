/**
 * Where the corpus leans on what Traefik does, Traefik is asked; all of it by night (corpus.nightly.test.ts).
 */
import { describe, it } from "node:test";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import { traefikDriver } from "#wsrally/proxy/traefik/driver.js";
import { dayShare } from "../../support/day-share.js";
import { withUpgrades } from "../support/upgrade-bench.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { refusedRows } from "./corpus/refused-rows.js";
import { upstreamRows } from "./corpus/upstream-rows.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Traefik's corpus, run", () => {
  it("comes to what its rows say", async (test) => {
    await withUpgrades(traefikDriver, async (bench) => {
      const { version } = await findProgram(traefikDriver.program);
      for (const row of [...goodRows, ...faultRows, ...upstreamRows].filter(({ isTried }) => isTried))
        await test.test(row.name, () => tryRow(row, bench, version));
    });
  });

  it("is refused in Traefik's words, and it is said what they mean", async (test) => {
    await withUpgrades(traefikDriver, async (bench) => {
      for (const row of dayShare(refusedRows)) await test.test(row.name, () => tryRefused(row, bench));
    });
  });
});
