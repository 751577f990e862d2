/**
 * Events on real proxies, and what they cost as wsrally tells it.
 */
import assert from "node:assert/strict";
import { appendFileSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { processTree } from "#wsrally/proxy/process-family.js";
import { startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { rollOut, sidesOf } from "./roll-out.js";

const titleOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    // It has ended meanwhile.
    return "";
  }
};

describe("wsrally rollout", { concurrency: 2 }, () => {
  it("says that nginx's and HAProxy's reloads cut nobody", async () => {
    const rollouts = await rollOut(["nginx", "haproxy", "--event", "reload", "--patience", "2500ms"]);
    assert.deepEqual(
      rollouts.map(({ arm, clients, lost }) => [arm, clients, lost.count]),
      [
        ["nginx", 60, 0],
        ["haproxy", 60, 0],
      ],
    );
    // The old processes keep their clients, and are seen.
    for (const { proxy } of rollouts) {
      assert.ok((proxy.processesMost ?? 0) > (proxy.processesBefore ?? 0));
      assert.ok((proxy.oldProcessesLeft ?? 0) > 0);
    }
  });

  it("sees that Caddy cuts all for a config that has changed, and nobody for one that has not", async () => {
    // A new certificate is such a change.
    const [changed] = await rollOut(["caddy", "--set", "tls=on", "--event", "cert"]);
    assert.equal(changed?.lost.count, 60);
    assert.deepEqual(changed?.lost.byEnding[0]?.closeCode, 1001);
    assert.notEqual(changed?.certificate?.serialAfter, changed?.certificate?.serialBefore);
    const [same] = await rollOut(["caddy", "--event", "reload-same"]);
    assert.equal(same?.lost.count, 0);
  });

  it("puts a cut down to the proxy, at the time that its config names, and quotes the directive", async () => {
    const args = ["nginx", "--set", "worker_shutdown_timeout=1s", "--event", "reload"];
    const [rollout] = await rollOut([...args, "--slo", "lost == 0"], 20);
    assert.ok(rollout !== undefined);
    assert.equal(rollout.lost.count, 60);
    assert.deepEqual(sidesOf(rollout), ["proxy"]);
    const first = rollout.lostMs?.first ?? 0;
    assert.ok(first >= 990, `${first} ms`);
    assert.equal(rollout.reconnects.notBack, 0);
    assert.ok(rollout.reconnects.tries >= 60);
    assert.equal(rollout.series.at(-1)?.open, 60);
    assert.equal(rollout.proxy.oldProcessesLeft, 0);
    assert.match(rollout.explanation?.cause ?? "", /worker_shutdown_timeout/);
  });

  it("passes a draining backend's close code on, and puts it down to the backend", async () => {
    const [rollout] = await rollOut(["nginx", "--event", "backend-drain"]);
    assert.ok(rollout !== undefined);
    assert.deepEqual(sidesOf(rollout), ["backend"]);
    const [most] = rollout.lost.byEnding;
    assert.deepEqual([most?.kind, most?.closeCode], ["closed", 1012]);
    // Who comes back meanwhile is answered 503.
    assert.ok(rollout.reconnects.failedTries > 0);
    assert.equal(rollout.reconnects.notBack, 0);
  });

  it("has clients that stop reading, beside others that are served on", async () => {
    const [rollout] = await rollOut(["envoy", "--event", "slow-readers", "--share", "20%"]);
    assert.equal(rollout?.lost.count, 0);
    const { count, cut, messagesSent, rssBytesEach } = rollout?.slowReaders ?? { count: 0 };
    assert.deepEqual([count, cut], [12, 0]);
    assert.ok((messagesSent ?? 0) >= 12, `${messagesSent} sent`);
    // It keeps up to a megabyte of a connection.
    assert.ok((rssBytesEach ?? 0) > 0, `${rssBytesEach} bytes`);
  });

  it("gives a new certificate to new clients alone, where a reload cuts nobody", async () => {
    const tls = ["--set", "tls=on"];
    const args = ["nginx", ...tls, "haproxy", ...tls, "--event", "cert", "--patience", "2500ms"];
    const rollouts = await rollOut(args);
    assert.equal(rollouts.length, 2);
    for (const { arm, lost, certificate } of rollouts) {
      assert.equal(lost.count, 0, arm);
      assert.match(certificate?.serialBefore ?? "", /^[0-9A-F]+$/, arm);
      assert.match(certificate?.serialAfter ?? "", /^[0-9A-F]+$/, arm);
      assert.notEqual(certificate?.serialAfter, certificate?.serialBefore, arm);
      assert.ok((certificate?.newSeenAfterMs ?? -1) >= 0, arm);
      assert.equal(certificate?.failedHandshakes, 0, arm);
    }
  });

  // The load has a minute to go on, which nobody is to wait for.
  it("ends when the proxy refuses the event, in its own words", { timeout: 40_000 }, async () => {
    await withFolder(async (out) => {
      const args = [
        "rollout",
        "nginx",
        "--event",
        "reload",
        "--connections",
        "5",
        "--rate",
        "100",
        "--out",
        out,
      ];
      const cli = startCli([...args, "--before", "3s"]);
      while (!/messages\/s; engine/.test(cli.stderr())) await sleep(20);
      await sleep(1500);
      const [master] = processTree(cli.child.pid ?? 0).filter((pid) =>
        titleOf(pid).startsWith("nginx: master"),
      );
      assert.ok(master !== undefined, cli.stderr());
      appendFileSync(join(readlinkSync(`/proc/${master}/cwd`), "nginx.conf"), "no_such_directive;\n");
      const { code, stderr } = await cli.result;
      assert.equal(code, 3, stderr);
      assert.match(stderr, /unknown directive "no_such_directive"/);
    });
  });

  it("refuses what cannot be, and says why", async () => {
    for (const [args, words] of [
      [["nginx", "--event", "relaod"], /did you mean reload\?/],
      [
        ["nginx", "direct", "--event", "reload"],
        /Cannot do reload to the arm direct .*: it has no proxy of ours/,
      ],
      [["nginx", "--event", "cert"], /Cannot do cert to the arm nginx .*: its clients speak no TLS/],
      [["caddy", "--event", "upgrade"], /Cannot do upgrade .*: none takes its place/],
      [["nginx", "--event", "reload", "--to-binary", "x"], /want --event upgrade/],
      [["nginx", "--event", "reload", "--slo", "los == 0"], /did you mean lost\?/],
      [["nginx", "--event", "reload", "--closed"], /want --rate/],
      [["nginx", "--event", "reload", "--reconnect", "never"], /want at-once, fixed, backoff/],
      [["nginx-buffering", "--event", "reload"], /want arms, such as nginx/],
    ] as const) {
      const { code, stderr } = await runHere(["rollout", ...args, "--connections", "5"]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, words);
    }
  });
});
