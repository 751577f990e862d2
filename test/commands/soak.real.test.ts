/**
 * Soaks of seconds on real proxies: a leak of known size is found, nginx is not accused, and a soak that is stopped, or
 * killed, leaves what it measured.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { HistogramLogReader } from "#wsrally/base/histogram-log.js";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { runCli, startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

type Soak = NonNullable<RunDocument["soak"]>;

function soakOf(text: string): { document: RunDocument; soak: Soak } {
  const document = runDocumentSchema.parse(JSON.parse(text));
  assert.ok(document.soak !== undefined);
  return { document, soak: document.soak };
}

const sumOf = (soak: Soak, pick: (window: Soak["windows"][number]) => number): number =>
  soak.windows.reduce((sum, window) => sum + pick(window), 0);

/** The newest document below a folder, as far as it is written; null before there is one. */
function stored(out: string): Soak | null {
  try {
    const [run = ""] = readdirSync(out);
    return soakOf(readFileSync(join(out, run, "run.json"), "utf8")).soak;
  } catch {
    return null;
  }
}

async function untilWindows(out: string, count: number): Promise<void> {
  for (let waited = 0; waited < 300; waited++) {
    if ((stored(out)?.windows.length ?? 0) >= count) return;
    await sleep(50);
  }
  assert.fail(`no ${count} windows within 15 s`);
}

describe("wsrally soak", { concurrency: true }, () => {
  it("finds a leak of known size in each connection that is closed", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runCli([
        ...["soak", "leaky=embedded", "--set", "leak_connection_bytes=100000"],
        ...["--for", "8s", "--connections", "50", "--rate", "200", "--churn", "100"],
        ...["--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const { document, soak } = soakOf(stdout);
      assert.equal(soak.windows.length, 16);
      const memory = soak.trends.find(({ metric }) => metric === "rssBytes");
      assert.equal(memory?.verdict, "grows", JSON.stringify(memory));
      const each = soak.growth.bytesPerConnection ?? 0;
      // 100,000 of them leaked, the rest is Node's own to keep them.
      assert.ok(each > 80_000 && each < 200_000, `${each} bytes a connection`);
      assert.ok(sumOf(soak, ({ connections }) => connections.churned) > 400);
      assert.deepEqual([soak.failures, sumOf(soak, ({ connections }) => connections.lost)], [[], 0]);
      assert.match(stderr, /memory grows/);
      const { stdout: shown } = await runHere(["report", join(out, document.runId)]);
      const words = shown.replace(/\s+/g, " ");
      assert.match(words, /leaky soaked for 8 s at 200 messages\/s over 50 connections, 100 of them/);
      assert.match(words, /memory grows/);
      assert.match(words, /a connection opened again/);
    });
  });

  it("does not accuse nginx, whose connections come and go, and counts every message", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runCli([
        ...["soak", "nginx", "--for", "8s", "--connections", "50", "--rate", "500", "--churn", "100"],
        ...["--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const { document, soak } = soakOf(stdout);
      const verdictOf = (metric: string) => soak.trends.find((one) => one.metric === metric)?.verdict;
      // `flat` as a rule; on a busy machine seconds may be too short to tell, but never to accuse.
      for (const metric of ["rssBytes", "descriptors"]) {
        assert.ok(["flat", "untold"].includes(verdictOf(metric) ?? ""), JSON.stringify(soak.trends));
      }
      assert.equal(soak.growth.bytesPerConnection, null);
      const { clientSent, clientReceived, backendReceived, backendSent } = soak.accounting ?? {};
      assert.deepEqual([clientReceived, backendReceived, backendSent], [clientSent, clientSent, clientSent]);
      const logged = new HistogramLogReader().read(
        readFileSync(join(out, document.runId, "nginx.hlog"), "utf8"),
      );
      const received = sumOf(soak, (window) => window.received);
      const count = logged.get("roundTrip")?.count ?? 0;
      // Replies to what was due before the first window are in its count, and not in its histogram.
      assert.ok(count <= received && count > 0.9 * received, `${count} logged of ${received}`);
    });
  });

  it("reloads the proxy again and again, and tells when", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        ...["soak", "nginx", "--for", "4s", "--connections", "20", "--rate", "200"],
        ...["--event", "reload", "--every", "1500ms", "--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const { document, soak } = soakOf(stdout);
      assert.deepEqual(
        soak.events?.map(({ event }) => event),
        ["reload", "reload"],
      );
      const [first, second] = soak.events?.map(({ atS }) => atS) ?? [];
      assert.ok((first ?? 0) > 1.4 && (second ?? 0) > 2.9, `${first} and ${second} s`);
      assert.equal(
        sumOf(soak, ({ connections }) => connections.lost),
        0,
      );
      const { stdout: shown } = await runHere(["report", join(out, document.runId)]);
      assert.match(shown.replace(/\s+/g, " "), /over 20 connections, with a reload, 2 times:/);
      // One that came behind the last window has no mark.
      assert.match(shown, /^ +\^(?: +\^)?\n.*\^ reload$/m);
    });
  });

  it("counts pushes and deliveries in rooms by windows, and misses none of them", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        ...["soak", "nginx", "--for", "2s", "--connections", "10", "--rate", "50", "--json", "--out", out],
        ...["--push", "rate=200", "--fanout", "room=5,rate=20"],
      ]);
      assert.equal(code, 0, stderr);
      const { document, soak } = soakOf(stdout);
      assert.deepEqual(soak.failures, []);
      assert.deepEqual(soak.push, { due: 400, sent: 400, delivered: 400, reach: 1 });
      assert.deepEqual(soak.fanout, { due: 40, sent: 40, expected: 200, delivered: 200, reach: 1 });
      assert.equal(soak.windows.length, 4);
      // What a backend that had to wait sent behind the last window is in none, nor is what came there.
      const sent = sumOf(soak, ({ push }) => push?.sent ?? 0);
      assert.ok(sent > 200 && sent <= 400, `${sent} sent`);
      const pushed = sumOf(soak, ({ push }) => push?.delivered ?? 0);
      const delivered = sumOf(soak, ({ fanout }) => fanout?.delivered ?? 0);
      assert.ok(pushed > 0 && pushed <= 400, `${pushed} pushes`);
      assert.ok(delivered > 0 && delivered <= 200, `${delivered} deliveries`);
      assert.ok(soak.windows.some(({ latencyUs }) => (latencyUs.push?.max ?? 0) > 0));
      const { stdout: shown } = await runHere(["report", join(out, document.runId), "--full"]);
      assert.match(shown, /pushes: 400 due, 400 sent, all came/);
      assert.match(shown, /rooms: 40 messages sent; of 200 deliveries all came/);
      assert.match(shown, /deliveries in rooms\n/);
    });
  });

  it("refuses an event that the arm has not", async () => {
    const flags = [
      "--for",
      "4s",
      "--rate",
      "100",
      "--connections",
      "2",
      "--event",
      "reload",
      "--every",
      "1s",
    ];
    const { code, stderr } = await runHere(["soak", "direct", ...flags]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /Cannot do reload to the arm direct/);
  });

  it("reports when it is interrupted, and leaves its windows when it is killed", async () => {
    await withFolder(async (out) => {
      const flags = ["--for", "10m", "--window", "0.5s", "--connections", "20", "--rate", "200"];
      const stopped = startCli(["soak", "nginx", ...flags, "--out", join(out, "stopped")]);
      const killed = startCli(["soak", "nginx", ...flags, "--out", join(out, "killed")]);
      await Promise.all([untilWindows(join(out, "stopped"), 2), untilWindows(join(out, "killed"), 2)]);
      stopped.child.kill("SIGINT");
      killed.child.kill("SIGKILL");
      const [{ code, stdout }] = await Promise.all([stopped.result, killed.result]);
      assert.equal(code, 130);
      assert.match(stdout, /It was stopped before its 10:00 min were over/);
      const left = stored(join(out, "killed"));
      assert.ok((left?.windows.length ?? 0) >= 2);
      assert.ok(left?.windows.every(({ rssBytes }) => (rssBytes ?? 0) > 0));
    });
  });

  it("refuses what it cannot do, in one line", async () => {
    for (const [flags, words] of [
      [["--for", "soon"], /Cannot use --for soon: want a time from 1s to 30d, such as 5s or 2m/],
      [["--for", "24h", "--window", "1s"], /want from 2 to 5,000 windows/],
      [["--churn", "0"], /Cannot use --churn 0: want connections a second/],
      [["--event", "restart"], /in a soak: want one of reload, reload-same, kill-worker/],
      [["--every", "5s"], /Cannot use --every without --event/],
      [["--event", "reload", "--for", "5m"], /want --every below --for/],
      [["--duration", "5"], /Cannot use --duration with soak: --for says how long/],
    ] as const) {
      const { code, stdout, stderr } = await runHere(["soak", "nginx", ...flags]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  });
});
