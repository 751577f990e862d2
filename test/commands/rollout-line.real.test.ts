/**
 * Events on a line between clients and a real proxy. As root, with /dev/net/tun; one after the other, for each puts this
 * process's thread into a network of its own.
 */
import assert from "node:assert/strict";
import { accessSync, constants, readlinkSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import { skipLacking } from "../support/lacking.js";
import { runCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";
import { rollOut } from "./roll-out.js";

const network = (): string => readlinkSync("/proc/thread-self/ns/net");

function lacksLine(test: TestContext): boolean {
  try {
    assert.equal(process.getuid?.(), 0, "root");
    accessSync("/dev/net/tun", constants.R_OK | constants.W_OK);
    return false;
  } catch (thrown) {
    skipLacking(test, `a line takes root and /dev/net/tun: ${String(thrown)}`);
    return true;
  }
}

describe("a line between clients and proxy", () => {
  it("delays and loses what goes over it, and is gone with its network afterwards", async (test) => {
    if (lacksLine(test)) return;
    const before = network();
    const weather = ["--delay", "150ms", "--lasts", "1s", "--loss", "5%"];
    const [rollout] = await rollOut(["nginx", "--event", "delay", ...weather]);
    assert.equal(network(), before);
    const { latencyUs, lost, repliesLost, line } = rollout ?? assert.fail("no rollout");
    // TCP brings every one again.
    assert.deepEqual([lost.count, repliesLost], [0, 0]);
    assert.ok((line?.packets.lost ?? 0) > 0);
    // Both ways: no message is faster than that, whatever the machine does.
    assert.ok((latencyUs.during.p50 ?? 0) >= 300_000, `${latencyUs.during.p50} µs`);
    assert.ok((latencyUs.before.p50 ?? 0) < (latencyUs.during.p50 ?? 0));
    assert.ok((latencyUs.after.p50 ?? Number.POSITIVE_INFINITY) < (latencyUs.during.p50 ?? 0));
    assert.deepEqual(line?.bad, { delayMs: 150, jitterMs: 0, lossShare: 0.05, lastsMs: 1000 });
    assert.ok((line?.packets.toProxy ?? 0) > 0 && (line?.packets.toClients ?? 0) > 0);
  });

  it("lets clients die without a word, and sees how long the proxy keeps them", async (test) => {
    if (lacksLine(test)) return;
    const args = ["nginx", "--set", "proxy_read_timeout=2s", "--event", "dead-peers", "--share", "20%"];
    const [rollout] = await rollOut(args);
    assert.equal(rollout?.lost.count, 0);
    const { count, kept, firstGoneMs, allGoneMs } = rollout?.deadPeers ?? assert.fail("no dead");
    assert.deepEqual([count, kept], [12, 0]);
    assert.ok((firstGoneMs ?? 0) > 0 && (allGoneMs ?? 0) >= (firstGoneMs ?? 0));
    assert.ok((rollout?.line?.packets.cutOff ?? 0) > 0);
  });

  const poor = [
    {
      lacks: "the right to a network of its own",
      through: ["setpriv", "--bounding-set", "-sys_admin"],
      says: /a network namespace of its own takes root/,
    },
    {
      lacks: "a way back to the network that it came from",
      through: ["unshare", "--user", "--map-root-user"],
      says: /a network namespace of its own takes root.*setns EPERM.*`unshare -Urn wsrally …`/,
    },
    {
      lacks: "a TUN device",
      through: ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /dev/net && exec "$@"', "sh"],
      says: /there is no \/dev\/net\/tun \(`modprobe tun` makes it/,
    },
  ];
  for (const { lacks, through, says } of poor)
    it(`says in one line what it takes, without ${lacks}`, async (test) => {
      if (lacksLine(test)) return;
      await withFolder(async (cwd) => {
        const { code, stderr } = await runCli(["rollout", "direct", "--event", "delay"], { cwd, through });
        assert.equal(code, 3, stderr);
        assert.match(stderr, says);
        assert.match(stderr, /^Cannot delay, lose or cut off .* Without root .*$/m);
        assert.doesNotMatch(stderr, /^ {4}at /m);
      });
    });
});
