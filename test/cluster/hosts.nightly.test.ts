/**
 * Three hosts: a proxy on one, with the controller, and load from the two others.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
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
