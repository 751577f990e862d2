/** A share of the corpus by the real Envoy; all of it by night (corpus.nightly.test.ts). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { envoyDriver } from "#wsrally/proxy/envoy/driver.js";
import { dayShare } from "../../support/day-share.js";
import { never, upgrade, withUpgrades } from "../support/upgrade-bench.js";
import { corpus } from "./corpus-rows.js";
import { corpusFile } from "./support/corpus-file.js";
import { tryRefused, tryRow } from "./support/try-row.js";

describe("Envoy's corpus, as it runs", () => {
  it("answers as its rows say", async (test) => {
    await withUpgrades(envoyDriver, async (bench) => {
      for (const row of dayShare(corpus.filter(({ answers }) => answers !== undefined)))
        await test.test(row.file, () => tryRow(row, bench));
    });
  });

  it("is refused in Envoy's words, told of the user's own lines", async (test) => {
    await withUpgrades(envoyDriver, async (bench) => {
      for (const row of dayShare(corpus.filter(({ refused }) => refused !== undefined)))
        await test.test(row.file, () => tryRefused(row, bench));
    });
  });
});

describe("limits of a config", () => {
  for (const [file, how] of [
    ["room-connections.yaml", "timeout"],
    ["room-requests.yaml", 503],
    ["connection-limit.yaml", "closed"],
    ["rate-limit.yaml", 429],
  ] as const) {
    it(`lets one in with ${file}, and then ${how}`, async () => {
      await withUpgrades(envoyDriver, async ({ prepare }) => {
        const running = await (await prepare({ kind: "file", file: corpusFile(file) })).start(never);
        let first = await upgrade(running, "/", "127.0.0.1");
        // The connection by which it was found to be ready may count for a moment.
        for (let tries = 0; file === "connection-limit.yaml" && first.status !== 101 && tries < 20; tries++)
          first = await upgrade(running, "/", "127.0.0.1");
        const second = await upgrade(running, "/", "127.0.0.1", 500);
        const end = second.how === "reset" ? "closed" : second.how;
        assert.deepEqual([first.status, second.status ?? end], [101, how], running.log().join("\n"));
        first.close();
        second.close();
        await running.stop();
      });
    });
  }
});
