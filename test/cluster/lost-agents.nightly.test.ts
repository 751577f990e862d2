/**
 * What a run makes of agents that die or stand still under it, and agents of a controller that does.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { PongServer } from "#wsrally/backend/pong-server.js";
import { readTitle } from "#wsrally/proxy/proc-files.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { type RunningCli, startCli } from "../support/run-cli.js";
import { type Cluster, withCluster } from "../support/with-cluster.js";
import { withPongServer } from "../support/with-pong-server.js";

const ratePerS = 300;

/** A run of some seconds, with what has become of it. */
function startRun(cluster: Cluster, arm: string): RunningCli {
  const load = ["--connections", "9", "--rate", String(ratePerS), "--duration", "1", "--blocks", "5"];
  const out = ["--out", cluster.file("results"), "--json"];
  return startCli(["run", arm, ...load, ...cluster.flags, ...out]);
}

function urlOf({ ports }: PongServer): string {
  return `ws://127.0.0.1:${ports[0]}/sock`;
}

async function untilBlock({ stderr, child }: RunningCli): Promise<void> {
  while (!stderr().includes("block 1 of")) {
    assert.equal(child.exitCode, null, stderr());
    await sleep(20);
  }
  // Into the next trial.
  await sleep(900);
}

describe("a run that loses an agent", () => {
  for (const [signal, how] of [
    ["SIGKILL", /has left the NATS server/],
    ["SIGSTOP", /was not heard of/],
  ] as const) {
    it(`by ${signal}: goes on with the others at the same rate, and says so`, async () => {
      await withCluster(3, (cluster) =>
        withPongServer({}, async (server) => {
          const run = startRun(cluster, urlOf(server));
          await untilBlock(run);
          const lost = cluster.agents.get("load-2");
          lost?.child.kill(signal);
          const { code, stdout, stderr } = await run.result;
          lost?.child.kill("SIGKILL");
          assert.equal(code, 0, stderr);
          const { environment, arms, warnings } = JSON.parse(stdout) as RunDocument;
          assert.match(environment.agents?.find(({ name }) => name === "load-2")?.lost ?? "", how);
          assert.match(
            warnings.find(({ code }) => code === "agent-lost")?.message ?? "",
            /^load-2 .* same rate/,
          );
          const trials = arms[0]?.trials ?? [];
          assert.equal(trials.length, 4, "one block is void");
          for (const { messages, disqualified } of trials) {
            assert.ok(!disqualified);
            // Each of two generators has a share that is no whole number.
            assert.ok(Math.abs(messages.sent - ratePerS) <= 2, String(messages.sent));
          }
        }),
      );
    });
  }

  it("and its backend: goes on with the backends that are left", async () => {
    await withCluster(2, async (cluster) => {
      const run = startRun(cluster, "nginx");
      await untilBlock(run);
      cluster.agents.get("load-2")?.child.kill("SIGKILL");
      const { code, stdout, stderr } = await run.result;
      assert.equal(code, 0, stderr);
      const trials = (JSON.parse(stdout) as RunDocument).arms[0]?.trials ?? [];
      assert.equal(trials.length, 4);
      const { connections, failures } = trials.at(-1) ?? assert.fail("no trial");
      assert.deepEqual(connections, { requested: 9, opened: 9, failed: 0, held: 9 });
      assert.deepEqual(failures, []);
    });
  });

  it("and another: ends with what there is", async () => {
    await withCluster(3, (cluster) =>
      withPongServer({}, async (server) => {
        const run = startRun(cluster, urlOf(server));
        await untilBlock(run);
        for (const name of ["load-1", "load-3"]) cluster.agents.get(name)?.child.kill("SIGKILL");
        const { code, stdout, stderr } = await run.result;
        assert.equal(code, 3, stderr);
        assert.match(stderr, /Agent load-[13] has left the NATS server/);
        const document = JSON.parse(stdout) as RunDocument;
        assert.equal(document.status, "failed");
        assert.ok((document.arms[0]?.trials.length ?? 0) > 0);
      }),
    );
  });
});

describe("a run whose proxies are an agent's", () => {
  for (const [signal, how] of [
    ["SIGKILL", /Agent proxy-1 has left the NATS server/],
    ["SIGSTOP", /Agent proxy-1 was not heard of/],
  ] as const) {
    it(`ends with what there is when that one is lost by ${signal}`, async () => {
      await withCluster(["load", "proxy"], async (cluster) => {
        const run = startRun(cluster, "nginx");
        await untilBlock(run);
        const lost = cluster.agents.get("proxy-1")?.child;
        lost?.kill(signal);
        const { code, stdout, stderr } = await run.result;
        lost?.kill("SIGCONT");
        assert.equal(code, 3, stderr);
        assert.match(stderr, how);
        const { status, arms, warnings } = JSON.parse(stdout) as RunDocument;
        assert.equal(status, "failed");
        assert.ok((arms[0]?.trials.length ?? 0) > 0);
        assert.match(warnings.find(({ code }) => code === "agent-lost")?.message ?? "", /^proxy-1 .*proxies/);
      });
    });
  }

  it("leaves no proxy behind when it is killed, and the agent serves the next", async () => {
    await withCluster(["proxy"], async (cluster) => {
      const run = startRun(cluster, "nginx");
      await untilBlock(run);
      const agent = cluster.agents.get("proxy-1")?.child.pid ?? 0;
      const proxies = (): number =>
        processTree(agent).filter((pid) => /nginx/.test(readTitle(pid) ?? "")).length;
      assert.ok(proxies() > 0);
      run.child.kill("SIGKILL");
      await once(run.child, "exit");
      // Two seconds are promised; a busy machine may need more to let go of what has ended.
      for (let waited = 0; proxies() > 0 && waited < 5000; waited += 50) await sleep(50);
      assert.equal(proxies(), 0);
      const next = startRun(cluster, "nginx");
      await untilBlock(next);
      next.child.kill("SIGINT");
      assert.equal((await next.result).code, 130);
    });
  });
});

describe("a run that stands still with its agents", () => {
  it("goes on with them: nobody was silent while nobody ran", async () => {
    await withCluster(2, (cluster) =>
      withPongServer({}, async (server) => {
        const run = startRun(cluster, urlOf(server));
        await untilBlock(run);
        const all = [run, ...cluster.agents.values()];
        for (const { child } of all) child.kill("SIGSTOP");
        await sleep(3000);
        for (const { child } of all) child.kill("SIGCONT");
        const { code, stdout, stderr } = await run.result;
        assert.equal(code, 0, stderr);
        const { environment } = JSON.parse(stdout) as RunDocument;
        assert.ok(environment.agents?.every(({ lost }) => lost === undefined));
      }),
    );
  });
});

describe("agents whose controller is killed", () => {
  it("end its load, and serve the next", async () => {
    await withCluster(2, (cluster) =>
      withPongServer({}, async (server) => {
        const run = startRun(cluster, urlOf(server));
        await untilBlock(run);
        assert.ok(server.counts().open > 0);
        run.child.kill("SIGKILL");
        await once(run.child, "exit");
        // Two seconds are promised; a busy machine may need more to let go of what has ended.
        for (let waited = 0; server.counts().open > 0 && waited < 5000; waited += 50) await sleep(50);
        assert.equal(server.counts().open, 0);
        const next = startRun(cluster, urlOf(server));
        await untilBlock(next);
        next.child.kill("SIGINT");
        const { code, stdout } = await next.result;
        assert.equal(code, 130);
        assert.equal((JSON.parse(stdout) as RunDocument).environment.agents?.length, 2);
      }),
    );
  });
});
