/**
 * What an event costs clients of other machines, with the proxy on the host of an agent: each event that can be had there.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createDeferred } from "#wsrally/base/deferred.js";
import type { Rollout } from "#wsrally/results/rollout-schema.js";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { runCli, startCli } from "../support/run-cli.js";
import { type Cluster, withCluster } from "../support/with-cluster.js";

const clients = 60;
const load = ["--connections", String(clients), "--rate", "400", "--before", "500ms", "--json"];

/** For events after which old workers stay for as long as their clients do. */
const soon = ["--patience", "2500ms"];

/** What a table's row says of the bill. */
type Expected = (rollout: Rollout) => void;

const nobodyIsLost: Expected = ({ lost, proxy }) => {
  assert.equal(lost.count, 0);
  assert.ok((proxy.oldProcessesLeft ?? 0) > 0, "the old ones are seen where they are");
};

function allAreLost(side: string): Expected {
  return ({ lost, reconnects, repliesLost, downMs }) => {
    assert.equal(reconnects.notBack, 0);
    // Whoever is back at one backend before another goes down may be lost again.
    assert.ok(lost.count >= clients, String(lost.count));
    assert.deepEqual([...new Set(lost.byEnding.map((ending) => ending.side))], [side]);
    assert.ok(repliesLost >= 0 && (downMs?.p50 ?? 0) > 0);
  };
}

const events: readonly (readonly [readonly string[], Expected])[] = [
  [["nginx", "--event", "reload", ...soon], nobodyIsLost],
  [["nginx", "--event", "reload-same", ...soon], nobodyIsLost],
  [
    ["nginx", "--set", "worker_shutdown_timeout=2s", "--event", "reload"],
    (rollout) => {
      allAreLost("proxy")(rollout);
      // Watched for as long as old workers are left there.
      assert.ok((rollout.lostMs?.first ?? 0) >= 1800, String(rollout.lostMs?.first));
      assert.equal(rollout.proxy.oldProcessesLeft, 0);
    },
  ],
  [["envoy", "--event", "reload", ...soon], nobodyIsLost],
  [["nginx", "--event", "restart"], allAreLost("proxy")],
  [["haproxy", "--event", "kill"], allAreLost("proxy")],
  [
    ["nginx", "--event", "kill-worker"],
    ({ lost, reconnects }) => {
      assert.ok(lost.count > 0);
      assert.equal(reconnects.notBack, 0);
    },
  ],
  [
    ["nginx", "--event", "upgrade", ...soon],
    (rollout) => {
      nobodyIsLost(rollout);
      assert.equal(rollout.upgrade?.from, rollout.upgrade?.to);
    },
  ],
  [
    ["nginx", "--set", "tls=on", "--insecure", "--event", "cert", ...soon],
    ({ lost, certificate }) => {
      assert.equal(lost.count, 0);
      assert.notEqual(certificate?.serialAfter, certificate?.serialBefore);
    },
  ],
  // nginx lets one WebSocket in ten seconds to each of several backends that have failed.
  [["haproxy", "--event", "backend-down"], allAreLost("backend")],
  [["nginx", "--event", "backend-drain"], allAreLost("backend")],
  [["haproxy", "--event", "storm"], allAreLost("backend")],
  [
    ["nginx", "caddy", "--event", "blue-green", ...soon],
    ({ arm, lost, backends }) => {
      const isCut = arm === "caddy";
      assert.equal(lost.count, isCut ? clients : 0);
      assert.deepEqual(backends, isCut ? { before: 0, after: clients } : { before: clients, after: 0 });
    },
  ],
  [
    ["nginx", "--event", "slow-readers", ...soon],
    ({ lost, slowReaders }) => assert.deepEqual([lost.count, slowReaders?.count], [0, 6]),
  ],
];

for (const roles of [["load", "load", "proxy"], ["proxy"]] as const) {
  describe(`wsrally rollout with agents: ${roles.join(", ")}`, () => {
    const done = createDeferred();
    const opened = createDeferred<Cluster>();
    let whole: Promise<void>;
    let cluster: Cluster;

    before(async () => {
      whole = withCluster(roles, async (made) => {
        opened.resolve(made);
        await done.promise;
      });
      cluster = await Promise.race([opened.promise, whole.then((): never => assert.fail("no cluster"))]);
    });

    after(async () => {
      done.resolve();
      await whole;
    });

    for (const [words, isExpected] of events) {
      it(words.join(" "), async () => {
        const out = ["--out", cluster.file("results")];
        const { code, stdout, stderr } = await runCli([
          "rollout",
          ...words,
          ...load,
          ...cluster.flags,
          ...out,
        ]);
        assert.equal(code, 0, stderr);
        const { rollouts = [], environment } = runDocumentSchema.parse(JSON.parse(stdout));
        assert.equal(environment.agents?.length, roles.length);
        assert.ok(rollouts.length > 0);
        for (const rollout of rollouts) {
          assert.equal(rollout.clients, clients);
          assert.ok((rollout.proxy.processesBefore ?? 0) > 0);
          assert.equal(
            rollout.traffic.messages.sent - rollout.traffic.messages.received,
            rollout.repliesLost,
          );
          isExpected(rollout);
        }
      });
    }
  });
}

describe("a rollout that loses an agent", () => {
  for (const name of ["load-2", "proxy-1"]) {
    it(`${name}: ends at once, with the bills that there are`, async () => {
      await withCluster(["load", "load", "proxy"], async (cluster) => {
        const words = ["rollout", "nginx", "--event", "reload", "--blocks", "5", ...load, ...cluster.flags];
        const run = startCli([...words, "--patience", "5s", "--out", cluster.file("results")]);
        while (!run.stderr().includes("block 1 of at most 5 done")) {
          assert.equal(run.child.exitCode, null, run.stderr());
          await sleep(20);
        }
        await sleep(1000);
        cluster.agents.get(name)?.child.kill("SIGKILL");
        const { code, stderr } = await run.result;
        assert.equal(code, 3, stderr);
        assert.match(stderr, new RegExp(`Agent ${name} has left the NATS server`));
        const { rollouts = [], status, warnings } = storedIn(cluster.file("results"));
        assert.equal(status, "failed");
        assert.ok(rollouts.length > 0 && rollouts.length < 5);
        assert.match(
          warnings.find(({ code: one }) => one === "agent-lost")?.message ?? "",
          new RegExp(`^${name} .* the run ended there`),
        );
      });
    });
  }
});

/** The run's document, which a run that fails prints nothing of. */
function storedIn(folder: string): RunDocument {
  const name = readdirSync(folder).find((one) => one.includes("rollout")) ?? "";
  return JSON.parse(readFileSync(join(folder, name, "run.json"), "utf8")) as RunDocument;
}
