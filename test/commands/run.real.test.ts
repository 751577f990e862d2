import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, it } from "node:test";
import { HistogramLogReader } from "#wsrally/base/histogram-log.js";
import type { DryRun } from "#wsrally/results/dry-run-schema.js";
import { progressEventSchema } from "#wsrally/results/progress-event.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { mayRunRealTime } from "#wsrally/trial/placement.js";
import { assertDocument } from "../support/assert-document.js";
import { awaitNoProcesses, processesWithTmpdir } from "../support/leftovers.js";
import { type CliResult, runCli, startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

/** Small and short: what is tested is the path, not the figures. */
const small = ["--connections", "20", "--duration", "0.2", "--warmup", "0", "--blocks", "2"];

function parse({ code, stdout, stderr }: CliResult): RunDocument {
  assert.equal(code, 0, stderr);
  const document = JSON.parse(stdout) as RunDocument;
  assertDocument("run", document);
  return document;
}

function onlyRun(folder: string): string {
  const [run, ...others] = readdirSync(folder).filter((name) => name !== "history");
  assert.ok(run !== undefined && others.length === 0);
  return join(folder, run);
}

describe("wsrally run", () => {
  it("measures a scenario on a real nginx, every message accounted for at both ends", async () => {
    await withFolder(async (out) => {
      const document = parse(
        await runHere(["run", "smoke", ...small, "--seed", "7", "--json", "--out", out]),
      );
      assert.equal(document.status, "complete");
      assert.equal(document.seed, 7);
      assert.equal(document.arms.length, 2);
      for (const { proxy, trials } of document.arms) {
        assert.equal(proxy.kind, "nginx");
        assert.match(proxy.version ?? "", /^\d+\.\d+\.\d+$/);
        assert.match(proxy.configSha256 ?? "", /^[0-9a-f]{64}$/);
        assert.equal(trials.length, 2);
        for (const trial of trials) {
          assert.deepEqual(trial.connections, { requested: 20, opened: 20, failed: 0, held: 20 });
          const { clientSent, backendReceived, backendSent, clientReceived } = trial.accounting;
          assert.equal(clientSent, 200, "1,000 a second for 0.2 s");
          assert.deepEqual([backendReceived, backendSent, clientReceived], [200, 200, 200]);
          assert.deepEqual(trial.messages, { sent: 200, received: 200 });
          assert.deepEqual(trial.failures, []);
          assert.equal(trial.latencyUs.roundTrip.count, 200);
          assert.ok((trial.latencyUs.roundTrip.p50 ?? 0) > 0);
          assert.equal(trial.latencyUs.roundTrip.p99, null, "200 values have no p99");
          assert.ok((trial.proxyCost?.cpuUsPerMessage ?? 0) > 0);
          assert.ok((trial.proxyCost?.rssBytes ?? 0) > 0);
          assert.ok((trial.proxyCost?.contextSwitchesPerMessage ?? 0) > 0);
          const { descriptors, descriptorsBefore, descriptorsAfter } = trial.proxyCost ?? {};
          assert.equal((descriptors ?? 0) - (descriptorsBefore ?? 0), 40, "two descriptors a connection");
          assert.equal(descriptorsAfter, descriptorsBefore, "all of them are given back");
          assert.equal(trial.proxyCost?.workers?.length, 1);
          assert.equal(trial.proxyCost?.rssBytesPerConnection, null, "20 connections have no slope");
        }
      }
      // 1,000 messages a second leave nginx's processor idle most of the time.
      const { placement } = document;
      assert.equal(placement.proxyRealTime, mayRunRealTime(placement));
      // So they leave generator and backend, unless other programs do not.
      assert.ok(placement.endsRealTime === false || mayRunRealTime(placement));
      for (const { verdict, reasons } of document.comparisons) {
        assert.equal(verdict, "inconclusive");
        // On a machine under load the offer of 1,000 a second may not be met either.
        assert.ok(
          reasons.some((reason) => reason === "too-few-blocks" || reason === "offer-not-met"),
          `${reasons}`,
        );
      }

      const folder = onlyRun(out);
      assert.deepEqual(JSON.parse(readFileSync(join(folder, "run.json"), "utf8")), document);
      const log = new HistogramLogReader().read(readFileSync(join(folder, "on.hlog"), "utf8"));
      assert.equal(log.get("roundTrip")?.count, 400);
      assert.equal(log.get("connect")?.count, 40);
      assert.match(readFileSync(join(folder, "off.conf"), "utf8"), /proxy_buffering off;/);
    });
  });

  it("shares the time of a block in slots, each arm's messages accounted for at its own two ends", async () => {
    await withFolder(async (out) => {
      const load = ["--connections", "20", "--rate", "2500", "--duration", "0.6", "--warmup", "0.1"];
      const args = ["run", "smoke", ...load, "--blocks", "1", "--interleave", "slots"];
      const document = parse(await runHere([...args, "--json", "--out", out]));
      assert.equal(document.plan?.slotS, 0.2);
      assert.deepEqual(
        document.arms.map(({ trials }) => trials.length),
        [1, 1],
      );
      for (const { trials } of document.arms) {
        for (const trial of trials) {
          const { accounting, messages, durationS, throughputPerS, slices, slots, failures, proxyCost } =
            trial;
          // 3 slots of 0.188 s, and 0.1 s before them.
          assert.ok(Math.abs(messages.sent - 1410) <= 3, `${messages.sent}`);
          assert.equal(messages.received, messages.sent);
          assert.ok(Math.abs(accounting.clientSent - 1660) <= 5, `${accounting.clientSent}`);
          const { clientSent, backendReceived, backendSent, clientReceived } = accounting;
          assert.deepEqual(
            [backendReceived, backendSent, clientReceived],
            [clientSent, clientSent, clientSent],
          );
          assert.ok(Math.abs(durationS - 0.564) < 1e-6);
          assert.ok(throughputPerS > 2000, "of its own slots");
          assert.equal(slices?.p99Us.length, 3, "of 0.2 s each");
          assert.equal(slots?.series, slices?.series);
          assert.equal(slots?.p50Us.length, 3);
          slots?.p50Us.forEach((p50Us, slot) => {
            const p99Us = slices?.p99Us[slot] ?? Number.NaN;
            assert.ok(p50Us !== null && p50Us > 0 && p50Us <= p99Us, `${p50Us} of ${p99Us}`);
          });
          assert.deepEqual(failures, []);
          assert.ok((proxyCost?.cpuUsPerMessage ?? 0) > 0);
          // Absent where a timer of this process was late at every other edge.
          assert.ok((proxyCost?.idleCpuShare ?? 0) < 0.005, "nginx waits for its turn");
        }
      }
    });
  });

  it("burns one arm in for all where that is asked for, and starts no proxy real-time that nobody has seen", async () => {
    await withFolder(async (out) => {
      const load = ["--connections", "20", "--rate", "1000", "--duration", "0.2", "--warmup", "0.1"];
      const args = ["run", "smoke", ...load, "--blocks", "1", "--burn-in", "one"];
      const document = parse(await runHere([...args, "--json", "--out", out]));
      assert.deepEqual(
        document.arms.map(({ burnIn, trials }) => [burnIn?.connections.requested ?? 0, trials.length]),
        [
          [20, 1],
          [0, 1],
        ],
      );
      assert.equal(document.placement.proxyRealTime, false);
    });
  });

  it("runs one arm alone, in a closed loop, over TLS", async () => {
    await withFolder(async (out) => {
      const args = ["run", "nginx", "--set", "tls=on", "--closed", "--connections", "5", "--duration", "0.2"];
      const document = parse(
        await runHere([...args, "--warmup", "0.1", "--blocks", "1", "--json", "--out", out]),
      );
      const [trial] = document.arms[0]?.trials ?? [];
      assert.ok(trial);
      assert.equal(trial.latencyUs.tls?.count, 5);
      assert.equal(trial.offeredPerS, null);
      assert.equal(document.placement.proxyRealTime, false, "it takes all the time there is");
      assert.equal(document.placement.endsRealTime, false);
      assert.equal(trial.latencyUs.response, undefined);
      assert.ok(trial.throughputPerS > 0);
      assert.ok(trial.accounting.clientSent > trial.messages.sent, "the warm-up is counted apart");
      assert.equal(trial.accounting.backendReceived, trial.accounting.clientSent);
      assert.deepEqual(document.comparisons, []);
    });
  });

  it("spreads connections over threads without losing the remainder", async () => {
    await withFolder(async (out) => {
      const args = ["run", "direct", ...small, "--connections", "7", "--threads", "3", "--rate", "500"];
      const document = parse(await runHere([...args, "--json", "--out", out]));
      for (const trial of document.arms[0]?.trials ?? []) {
        assert.equal(trial.connections.opened, 7);
        // Three schedules, each shifted by its phase, may gain or lose one message each at the window's edges.
        assert.ok(Math.abs(trial.accounting.clientSent - 100) <= 3, `${trial.accounting.clientSent}`);
        assert.equal(trial.accounting.backendReceived, trial.accounting.clientSent);
      }
    });
  });

  it("multiplies a matrix out and compares within each workload", async () => {
    await withFolder(async (out) => {
      const file = join(out, "matrix.yaml");
      writeFileSync(file, "arms: [a=direct, b=embedded]\nmatrix: { payload: [16, 2000] }\n");
      const args = [
        "run",
        file,
        ...small,
        "--blocks",
        "1",
        "--rate",
        "200",
        "--json",
        "--out",
        join(out, "results"),
      ];
      const document = parse(await runHere(args));
      assert.equal(document.arms.length, 4);
      assert.equal(document.scenario.pairs.length, 2);
      for (const { trials } of document.arms) assert.deepEqual(trials[0]?.failures, []);
    });
  });

  it("runs twice at once, and reports in words, and again from what is stored", async () => {
    await withFolder(async (out) => {
      const args = ["run", "smoke", ...small, "--out"];
      const folders = ["words", "json"].map((name) => join(out, name));
      const [run, other] = await Promise.all([
        runCli([...args, join(out, "words")]),
        runCli([...args, join(out, "json"), "--json", "--progress", "json"]),
      ]);
      assert.equal(run.code, 0, run.stderr);
      parse(other);
      const documents = folders.map(
        (folder) => JSON.parse(readFileSync(join(onlyRun(folder), "run.json"), "utf8")) as RunDocument,
      );
      assert.notEqual(documents[0]?.runId, documents[1]?.runId);
      for (const { arms } of documents)
        for (const { accounting } of arms.flatMap(({ trials }) => trials))
          assert.equal(accounting.clientSent, accounting.backendReceived);

      const events = other.stderr
        .trimEnd()
        .split("\n")
        .map((line) => progressEventSchema.parse(JSON.parse(line)));
      assert.ok(events.some((event) => event.event === "progress" && event.block === 1));
      assert.deepEqual(events.at(-1), { event: "end", exitCode: 0, message: null });
      assert.match(run.stdout, /^off against on is inconclusive/);
      assert.equal(run.stdout.includes("\u001b["), false, "no colour in a pipe");
      const folder = onlyRun(join(out, "words"));
      const again = await runHere(["report", folder]);
      assert.equal(again.stdout, run.stdout);
      const onTerminal = await runHere(["report", folder], { columns: 80 });
      assert.ok(onTerminal.stdout.split("\n").length <= 40, onTerminal.stdout);
      const json = await runHere(["report", basename(folder), "--out", dirname(folder), "--json"]);
      assertDocument("run", JSON.parse(json.stdout));
      const left = readFileSync(join(folder, "report.html"), "utf8");
      const html = await runHere(["report", folder, "--format", "html"]);
      assert.equal(html.stdout, left);
      assert.match(left, /^<!doctype html>/);
      assert.match(left, /proxy_http_version 1\.1;/);
      const file = join(out, "report.txt");
      assert.equal((await runHere(["report", folder, "-o", file])).stdout, "");
      assert.equal(readFileSync(file, "utf8"), run.stdout);
    });
  });
});

describe("wsrally compare", () => {
  it("takes arms and settings from the command line, the first the baseline", async () => {
    await withFolder(async (out) => {
      const args = [
        "compare",
        "plain=nginx",
        "ws=direct",
        "tls=nginx",
        "--set",
        "tls=on",
        ...small,
        "--blocks",
        "1",
        "--rate",
        "200",
      ];
      const document = parse(await runHere([...args, "--json", "--out", out]));
      assert.deepEqual(
        document.arms.map(({ name, proxy }) => [name, proxy.kind]),
        [
          ["plain", "nginx"],
          ["ws", "direct"],
          ["tls", "nginx"],
        ],
      );
      assert.deepEqual(document.scenario.arms[2]?.set, { tls: "on" });
      assert.deepEqual(document.scenario.arms[0]?.set, {});
      assert.deepEqual(
        document.scenario.pairs.map(({ candidate }) => candidate),
        ["ws", "tls"],
      );
    });
  });

  it("makes a variant of a single arm with --set", async () => {
    const args = ["compare", "nginx", "--set", "proxy_buffering=off", "--dry-run", "--json"];
    const { code, stdout, stderr } = await runHere(args);
    assert.equal(code, 0, stderr);
    const { arms } = JSON.parse(stdout) as DryRun;
    assert.deepEqual(
      arms.map(({ name }) => name),
      ["nginx", "nginx-proxy_buffering-off"],
    );
  });

  it("compares a user's own config, listing what was changed to run it here", async () => {
    await withFolder(async (out) => {
      const file = join(out, "site.conf");
      writeFileSync(
        file,
        `events {}
http { server { listen 80; location / { proxy_pass http://10.0.0.7:9000; proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; } } }`,
      );
      const args = [
        "compare",
        "nginx",
        `mine=nginx:${file}`,
        ...small,
        "--blocks",
        "1",
        "--rate",
        "200",
        "--json",
      ];
      const document = parse(await runHere([...args, "--out", join(out, "results")]));
      assert.ok((document.arms[1]?.proxy.changes.length ?? 0) > 0);
      assert.deepEqual(document.arms[1]?.trials[0]?.failures, []);
    });
  });
});

// These tests read /proc.
describe("an interrupted run", { skip: process.platform !== "linux", concurrency: true }, () => {
  async function untilMeasured(stderr: () => string): Promise<void> {
    for (let attempt = 0; attempt < 1200 && !stderr().includes("block 1 of"); attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.match(stderr(), /block 1 of/);
  }

  const load = ["--connections", "20", "--rate", "500", "--duration", "0.3", "--warmup", "0"];
  const long = ["run", "smoke", ...load, "--blocks", "500"];

  it("keeps what it measured, says so, ends with 130 and leaves nothing behind", async () => {
    await withFolder(async (folder) => {
      const tmp = join(folder, "tmp");
      mkdirSync(tmp);
      const out = join(folder, "results");
      const run = startCli([...long, "--out", out], { env: { TMPDIR: tmp } });
      await untilMeasured(run.stderr);
      run.child.kill("SIGINT");
      const { code, stdout, stderr } = await run.result;
      assert.equal(code, 130, stderr);
      assert.match(stderr, /Interrupted; what was measured is in /);
      assert.match(stdout, /smoke/);
      const stored = onlyRun(out);
      const document = JSON.parse(readFileSync(join(stored, "run.json"), "utf8")) as RunDocument;
      assertDocument("run", document);
      assert.equal(document.status, "interrupted");
      assert.ok((document.arms[0]?.trials.length ?? 0) >= 1);
      assert.equal((await runHere(["report", stored])).code, 0);
      assert.deepEqual(await awaitNoProcesses(tmp), []);
      assert.deepEqual(readdirSync(tmp), []);
    });
  });

  it("takes its proxy, its backend and its temporary files along when it is killed outright", async () => {
    await withFolder(async (folder) => {
      const tmp = join(folder, "tmp");
      mkdirSync(tmp);
      const run = startCli([...long, "--out", join(folder, "results")], { env: { TMPDIR: tmp } });
      await untilMeasured(run.stderr);
      assert.ok(processesWithTmpdir(tmp).length >= 3, "wsrally, its backend and its watcher at least");
      run.child.kill("SIGKILL");
      await run.result;
      assert.deepEqual(await awaitNoProcesses(tmp), []);
      for (let attempt = 0; attempt < 60 && readdirSync(tmp).length > 0; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.deepEqual(readdirSync(tmp), []);
      assert.ok(
        existsSync(join(onlyRun(join(folder, "results")), "run.json")),
        "trials are stored as they end",
      );
    });
  });
});
