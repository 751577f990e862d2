/** What a line between clients and proxy does, held against what it was asked for. As root, with /dev/net/tun. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runDocumentSchema } from "#wsrally/results/run-document.js";
import { runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { rollOut } from "./roll-out.js";

describe("a line between clients and proxy", () => {
  it("loses the share of packets that it is asked to", async () => {
    const [rollout] = await rollOut(["nginx", "--event", "loss", "--loss", "10%", "--lasts", "5s"]);
    assert.deepEqual([rollout?.lost.count, rollout?.repliesLost], [0, 0]);
    const { lost = 0, toProxy = 0, toClients = 0 } = rollout?.line?.packets ?? {};
    const lasted = 5000 / (rollout?.watchedMs ?? 0);
    const share = lost / (lost + toProxy + toClients) / lasted;
    // Packets that come again, and the load's ebb, make it no more exact.
    assert.ok(share > 0.07 && share < 0.14, `${share}`);
  });

  it("brings clients back over it, whatever happens to the proxy, in front of six of them", async () => {
    const arms = ["nginx", "haproxy", "caddy", "envoy", "traefik", "apache"];
    const rollouts = await rollOut([...arms, "--event", "restart", "--delay", "10ms,2ms", "--loss", "1%"]);
    for (const { arm, lost, reconnects, latencyUs, line } of rollouts) {
      assert.deepEqual([arm, lost.count, reconnects.notBack], [arm, 60, 0]);
      assert.ok((latencyUs.before.p50 ?? 0) >= 15_000, `${arm}: ${latencyUs.before.p50} µs`);
      assert.equal(line?.bad, null);
    }
  });

  it("sees the dead of six proxies, which keep all that nobody tells them of", async () => {
    const arms = ["nginx", "haproxy", "caddy", "envoy", "traefik", "apache"];
    const rollouts = await rollOut([...arms, "--event", "dead-peers", "--patience", "3s"]);
    for (const { arm, lost, deadPeers } of rollouts)
      assert.deepEqual([arm, lost.count, deadPeers?.count, deadPeers?.kept], [arm, 0, 6, 6]);
    const [nginx, haproxy] = rollouts.map(({ explanation }) => explanation?.cause ?? "");
    assert.match(nginx ?? "", /no end of theirs arrives.*proxy_read_timeout/);
    assert.match(haproxy ?? "", /no end of theirs arrives.*timeout tunnel/);
  });

  it("is there for a comparison too", async () => {
    await withFolder(async (out) => {
      const load = [
        "--connections",
        "60",
        "--rate",
        "300",
        "--duration",
        "5",
        "--blocks",
        "1",
        "--warmup",
        "1",
      ];
      const weather = ["--delay", "10ms", "--loss", "2%"];
      const { code, stdout, stderr } = await runHere([
        ...["compare", "haproxy", "direct", ...weather, ...load, "--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const { arms } = runDocumentSchema.parse(JSON.parse(stdout));
      assert.equal(arms.length, 2);
      for (const { name, trials } of arms)
        for (const { latencyUs, line, failures } of trials) {
          assert.deepEqual(failures, [], name);
          assert.ok((latencyUs.roundTrip.p50 ?? 0) >= 20_000, `${name}: ${latencyUs.roundTrip.p50} µs`);
          assert.ok((line?.lost ?? 0) > 0, name);
        }
    });
  });

  const readOnly = "mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys";
  const places = [
    {
      where: "where /proc/sys is read-only, as in a container",
      through: ["unshare", "--mount", "sh", "-c", `${readOnly} && exec "$@"`, "sh"],
    },
    { where: "by who is root in namespaces of his own", through: ["unshare", "-Urn"] },
  ];
  for (const { where, through } of places)
    it(`is laid ${where}`, async () => {
      await withFolder(async (cwd) => {
        const load = ["--connections", "10", "--rate", "50", "--lasts", "1s"];
        const args = ["rollout", "direct", "--event", "delay", ...load];
        const { code, stderr } = await runCli(args, { cwd, through });
        assert.equal(code, 0, stderr);
      });
    });

  it("cuts the dead off once and for all", async () => {
    const args = ["haproxy", "--set", "timeout tunnel=1s", "--event", "dead-peers", "--times", "2"];
    const [rollout] = await rollOut(args);
    assert.deepEqual([rollout?.deadPeers?.kept, rollout?.eventsMs.length], [0, 2]);
  });
});
