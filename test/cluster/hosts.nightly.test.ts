/**
 * Three hosts: a proxy on one, with the controller, and load from the two others; or each of the three on its own.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runCli } from "../support/run-cli.js";
import { withCluster } from "../support/with-cluster.js";
import { rootOnly, withHosts } from "../support/with-hosts.js";

describe("load from two hosts through a proxy on a third", rootOnly, () => {
  for (const arm of ["nginx", "haproxy", "caddy", "envoy", "traefik", "embedded"]) {
    it(`${arm}: totals are equal at both ends, and the parts of a round trip add up`, async () => {
      await withHosts(3, (hosts) =>
        withCluster(
          2,
          async (cluster) => {
            const [hub] = hosts;
            const load = ["--connections", "16", "--rate", "1000", "--duration", "2", "--blocks", "1"];
            const out = ["--out", cluster.file("results"), "--json", "--listen", hub?.address ?? ""];
            const { code, stdout, stderr } = await runCli(["run", arm, ...load, ...cluster.flags, ...out], {
              through: hub?.through ?? [],
            });
            assert.equal(code, 0, stderr);
            const trial = (JSON.parse(stdout) as RunDocument).arms[0]?.trials[0];
            const { clientSent, backendReceived, backendSent, clientReceived } = trial?.accounting ?? {};
            assert.ok((clientSent ?? 0) >= 2000);
            assert.deepEqual(
              [backendReceived, backendSent, clientReceived],
              [clientSent, clientSent, clientSent],
            );
            assert.deepEqual(trial?.failures, []);
            const { uplink, backend, downlink, wire } = trial?.latencyUs ?? {};
            const stamped = 2000 / 16;
            const home = uplink?.count ?? 0;
            assert.ok(home > stamped / 8 && home <= stamped + 2, `${home} of ${stamped}`);
            // Of a sample of the round trips, on a machine with other things to do.
            const parts = (uplink?.p50 ?? 0) + (backend?.p50 ?? 0) + (downlink?.p50 ?? 0);
            assert.ok(parts > 0 && parts < 3 * (wire?.p50 ?? 0), `${parts} of ${wire?.p50}`);
          },
          hosts,
        ),
      );
    });
  }
});

/** Mean of a series of a run, and how far that of so many may be from the mean of many more; in nanoseconds. */
function meanOf(log: string, series: string): { readonly mean: number; readonly error: number } {
  const line = log.split("\n").find((one) => one.startsWith(`Tag=${series},`)) ?? "";
  const { mean, stdDeviation, totalCount } = decodeFromCompressedBase64(line.split(",").at(-1) ?? "");
  return { mean, error: stdDeviation / Math.sqrt(totalCount) };
}

describe("load, proxy and controller each on a host of its own", rootOnly, () => {
  for (const arm of ["nginx", "haproxy", "embedded"]) {
    it(`${arm}: totals are equal at both ends, and the means of the parts add up to the round trip's`, async () => {
      await withHosts(3, (hosts) =>
        withCluster(
          ["load", "proxy"],
          async (cluster) => {
            const results = cluster.file("results");
            const load = ["--connections", "16", "--rate", "2000", "--duration", "4", "--blocks", "1"];
            const words = ["run", arm, ...load, ...cluster.flags, "--out", results, "--json"];
            const { code, stdout, stderr } = await runCli(words, { through: hosts[0]?.through ?? [] });
            assert.equal(code, 0, stderr);
            const { runId, arms, environment } = JSON.parse(stdout) as RunDocument;
            assert.deepEqual(
              environment.agents?.map(({ role }) => role),
              ["load", "proxy"],
            );
            const trial = arms[0]?.trials[0];
            const { clientSent, backendReceived, backendSent, clientReceived } = trial?.accounting ?? {};
            assert.ok((clientSent ?? 0) >= 8000);
            assert.deepEqual(
              [backendReceived, backendSent, clientReceived],
              [clientSent, clientSent, clientSent],
            );
            assert.deepEqual(trial?.failures, []);
            assert.ok((trial?.proxyCost?.cpuUsPerMessage ?? 0) > 0);
            // One load host: all that is stamped comes home.
            assert.ok(Math.abs((trial?.latencyUs.uplink?.count ?? 0) - 8000 / 16) <= 5);
            const log = readFileSync(join(results, runId, `${arms[0]?.name}.hlog`), "utf8");
            const parts = ["uplink", "backend", "downlink"].map((series) => meanOf(log, series));
            const sum = parts.reduce((total, { mean }) => total + mean, 0);
            const whole = meanOf(log, "wire");
            // One message of 16 has parts: 2 %, and what such a sample leaves open.
            const open = 4 * parts.reduce((total, { error }) => total + error, 0);
            assert.ok(
              Math.abs(sum - whole.mean) < 0.02 * whole.mean + open,
              `${sum} of ${whole.mean} ± ${open}`,
            );
          },
          hosts,
        ),
      );
    });
  }
});
