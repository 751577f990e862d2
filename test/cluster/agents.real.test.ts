/**
 * Agents as processes at a real NATS server: a run whose load they make, and who is kept out.
 */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { NatsConnection } from "@nats-io/transport-node";
import { createDeferred } from "#wsrally/base/deferred.js";
import { makeClusterFiles } from "#wsrally/cluster/cluster-files.js";
import { connectNats } from "#wsrally/cluster/connect-nats.js";
import { readCredentials } from "#wsrally/cluster/credentials.js";
import { subjectFrom, subjectTo } from "#wsrally/cluster/subjects.js";
import type { DryRun } from "#wsrally/results/dry-run-schema.js";
import { progressEventSchema } from "#wsrally/results/progress-event.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runCli, startCli } from "../support/run-cli.js";
import { type Cluster, withCluster } from "../support/with-cluster.js";
import { withFolder } from "../support/with-folder.js";
import { withPongServer } from "../support/with-pong-server.js";

describe("two agents at a NATS server", () => {
  const done = createDeferred();
  const opened = createDeferred<Cluster>();
  let whole: Promise<void>;
  let cluster: Cluster;

  before(async () => {
    whole = withCluster(2, async (made) => {
      opened.resolve(made);
      await done.promise;
    });
    cluster = await Promise.race([opened.promise, whole.then((): never => assert.fail("no cluster"))]);
  });

  after(async () => {
    done.resolve();
    await whole;
  });

  const connect = (file: string): Promise<NatsConnection> =>
    connectNats({
      url: cluster.url,
      credentials: readCredentials(cluster.file(file)),
      name: "test",
      comesBack: false,
    });

  it("make one load, which is counted alike at both ends", async () => {
    await withPongServer({}, async (server) => {
      const url = `ws://127.0.0.1:${server.ports[0]}/sock`;
      const load = ["--connections", "9", "--rate", "200", "--duration", "0.3", "--blocks", "1"];
      const out = ["--out", cluster.file("results"), "--json"];
      const { code, stdout, stderr } = await runCli(["run", url, ...load, ...cluster.flags, ...out]);
      assert.equal(code, 0, stderr);
      const { environment, arms, warnings } = JSON.parse(stdout) as RunDocument;
      assert.deepEqual(
        environment.agents?.map(({ name, role }) => ({ name, role })),
        [
          { name: "load-1", role: "load" },
          { name: "load-2", role: "load" },
        ],
      );
      for (const { rttUs, offsetUs, startSkewUs } of environment.agents ?? []) {
        // They share the machine's clock, so that what is found is the error.
        assert.ok(rttUs > 0 && Math.abs(offsetUs) <= rttUs / 2, `${offsetUs} of ${rttUs}`);
        assert.ok(startSkewUs !== null && startSkewUs >= 0, String(startSkewUs));
      }
      assert.ok(!warnings.some(({ code }) => code === "agent-lost"));
      const [arm] = arms;
      assert.deepEqual(arm?.trials[0]?.connections, { requested: 9, opened: 9, failed: 0, held: 9 });
      const { messagesReceived } = server.counts();
      const sent = (arm?.trials[0]?.accounting.clientSent ?? 0) + (arm?.burnIn?.messages.sent ?? 0);
      assert.equal(messagesReceived, sent + (arm?.preflight?.messages.sent ?? 0));
    });
  });

  it("stand behind a proxy as well, where each splits what comes home to it", async () => {
    const load = ["--connections", "64", "--rate", "1600", "--duration", "0.5", "--blocks", "1"];
    const out = ["--out", cluster.file("results"), "--json"];
    const { code, stdout, stderr } = await runCli(["run", "nginx", ...load, ...cluster.flags, ...out]);
    assert.equal(code, 0, stderr);
    const trial = (JSON.parse(stdout) as RunDocument).arms[0]?.trials[0];
    const { clientSent, backendReceived, backendSent, clientReceived } = trial?.accounting ?? {};
    assert.ok((clientSent ?? 0) >= 800);
    assert.deepEqual([backendReceived, backendSent, clientReceived], [clientSent, clientSent, clientSent]);
    assert.ok((trial?.proxyCost?.cpuUsPerMessage ?? 0) > 0);
    // One message of 16 is stamped. nginx takes both backends in turn, but whose connection comes next is left to chance: so many
    // connections that some of them come home, and some do not.
    const { uplink, backend, downlink } = trial?.latencyUs ?? {};
    const stamped = (clientSent ?? 0) / 16;
    assert.ok(
      (uplink?.count ?? 0) > stamped / 8 && (uplink?.count ?? 0) < (stamped * 7) / 8,
      `${uplink?.count} of ${stamped}`,
    );
    assert.deepEqual([backend?.count, downlink?.count], [uplink?.count, uplink?.count]);
  });

  it("are waited for by a second run, which says at once for whom and for how long", async () => {
    await withPongServer({}, async (server) => {
      const url = `ws://127.0.0.1:${server.ports[0]}/sock`;
      const load = ["--connections", "4", "--rate", "100", "--duration", "0.3", "--blocks", "1"];
      const words = ["run", url, ...load, ...cluster.flags, "--out", cluster.file("results")];
      // The second still has a second to wait, and so is told of it, where it takes a few to start.
      const first = startCli([...words, "--duration", "3"]);
      const { stderr: told = () => "" } = cluster.agents.get("load-2") ?? {};
      const before = told();
      while (told() === before) await sleep(10);
      const second = await runCli([...words, "--progress", "json"]);
      assert.deepEqual([(await first.result).code, second.code], [0, 0], second.stderr);
      const events = second.stderr
        .trim()
        .split("\n")
        .map((line) => progressEventSchema.parse(JSON.parse(line)));
      const notes = events.flatMap((event) => (event.event === "note" ? [event.message] : []));
      const waiting = notes.filter((note) => note.startsWith("waiting for agents"));
      assert.match(
        waiting[0] ?? "",
        /of 2 agents to make load none is there and free, load-1 is at work for run .*, load-2 is .*; for 60 s at most$/,
      );
      assert.ok(events.some((event) => event.event === "progress" && (event.secondsLeft ?? 0) > 50));
    });
  });

  it("are named by a dry run, which hires none", async () => {
    const words = ["run", "nginx", "--dry-run", "--json", ...cluster.flags];
    const { code, stdout, stderr } = await runCli(words);
    assert.equal(code, 0, stderr);
    const { agents } = JSON.parse(stdout) as DryRun;
    assert.deepEqual(
      agents?.there.map(({ name, role }) => [name, role]),
      [
        ["load-1", "load"],
        ["load-2", "load"],
      ],
    );
    assert.equal(agents?.notAsked, null);
    assert.doesNotMatch(cluster.agents.get("load-1")?.stderr() ?? "", /dry-run/);
  });

  it("let nobody in whose key is not theirs", async () => {
    const strangers = await makeClusterFiles({ server: "127.0.0.1", port: 1, agents: [], image: "x" });
    const foreign = strangers.find(({ name }) => name === "controller.creds")?.text ?? "";
    const own = readFileSync(cluster.file("controller.creds"), "utf8");
    const [, seed = ""] = /^(SU\w+)$/m.exec(foreign) ?? [];
    // The stranger's key, and the right authority: only the key is wrong.
    writeFileSync(cluster.file("stranger.creds"), own.replace(/^SU\w+$/m, seed));
    await assert.rejects(connect("stranger.creds"), /does not let us in/);
    writeFileSync(cluster.file("elsewhere.creds"), foreign);
    await assert.rejects(connect("elsewhere.creds"), /authority's certificate/);
  });

  it("are told at once that a key is another's, as is who would steer them", async () => {
    const at = ["--nats", cluster.url, "--creds", cluster.file("load-1.creds")];
    const [agent, run] = await Promise.all([
      runCli(["agent", ...at, "--name", "load-2"]),
      runCli(["run", "nginx", ...at, "--agents", "1", "--out", cluster.file("results")]),
    ]);
    assert.deepEqual([agent.code, run.code], [3, 3]);
    assert.match(agent.stderr, /let this be agent load-2 .*want the --creds of load-2/);
    assert.doesNotMatch(agent.stderr, /is ready/);
    assert.match(run.stderr, /steer no agents .*want the controller's --creds/);
  });

  it("say what is their own, and nothing else", async () => {
    const connection = await connect("load-1.creds");
    try {
      for (const subject of [subjectFrom("load-2"), subjectTo("load-2")]) {
        assert.equal(await violationOf(connection, () => connection.publish(subject, "")), subject);
      }
      for (const subject of [subjectFrom("load-2"), subjectTo("load-2"), "_INBOX.>", ">"]) {
        const heard = await violationOf(connection, () =>
          connection.subscribe(subject, { callback: () => undefined }),
        );
        assert.equal(heard, subject);
      }
    } finally {
      await connection.close();
    }
  });
});

describe("wsrally cluster init", () => {
  it("says what comes next, a line a step, and keeps keys for their user", () =>
    withFolder(async (folder) => {
      const lab = join(folder, "lab");
      const { code, stderr } = await runCli(["cluster", "init", lab, "--server", "lab-0", "--load", "lab-1"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(stderr.match(/^\d(?=\. )/gm), ["1", "2", "3"]);
      for (const name of ["controller.creds", "load-1.creds", "server.key", "kubernetes.yaml"])
        assert.equal(statSync(join(lab, name)).mode & 0o077, 0, name);
    }));
});

/** @returns the subject that the server refuses */
async function violationOf(connection: NatsConnection, act: () => void): Promise<string | null> {
  const status = connection.status();
  act();
  for await (const event of status) {
    if (event.type !== "error") continue;
    const { error } = event;
    return "subject" in error ? String(error.subject) : error.message;
  }
  return null;
}
