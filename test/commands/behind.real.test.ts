/** wsrally's backend behind real proxies that it did not start. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { probeDocumentSchema } from "#wsrally/results/probe-document.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { type ForeignProxy, withForeignProxy } from "../support/foreign-proxy.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { epollOnly, withPongServer } from "../support/with-pong-server.js";
import { rollOut, sidesOf } from "./roll-out.js";

const load = "--connections 10 --rate 500 --warmup 0 --duration 0.3 --blocks 1".split(" ");
const token = "a-word-of-this-test";

type Arm = RunDocument["arms"][number];

/** A run of these arms, and what it said of each. @param warned codes of all its warnings but of few messages */
async function measure(words: readonly string[], warned: readonly string[] = []): Promise<readonly Arm[]> {
  return withFolder(async (out) => {
    const { code, stdout, stderr } = await runHere([...words, ...load, "--json", "--out", out]);
    assert.equal(code, 0, stderr);
    const { arms, warnings } = JSON.parse(stdout) as RunDocument;
    const codes = warnings.map(({ code }) => code);
    for (const code of warned) assert.ok(codes.includes(code), codes.join());
    for (const { trials } of arms) {
      const [trial] = trials;
      assert.ok(trial !== undefined);
      const { accounting, failures } = trial;
      assert.deepEqual(failures, []);
      assert.ok(accounting.clientSent > 100);
      const { clientSent, backendReceived, backendSent, clientReceived } = accounting;
      assert.equal(new Set([clientSent, backendReceived, backendSent, clientReceived]).size, 1);
    }
    return arms;
  });
}

/** The line that a run which cannot begin ends with. */
async function refusal(words: readonly string[]): Promise<string> {
  return withFolder(async (out) => {
    const { code, stderr } = await runHere([...words, ...load, "--out", out]);
    assert.equal(code, 3, stderr);
    return stderr.trimEnd().split("\n").at(-1) ?? "";
  });
}

/** Connects to a backend as soon as it is there, and talks to it until it is gone. */
async function talkAsOthers(port: number): Promise<number> {
  let sent = 0;
  for (const untilMs = Date.now() + 5000; Date.now() < untilMs && sent === 0; await sleep(10)) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/other`);
    await new Promise<void>((resolve) => {
      const say = (): void => {
        sent++;
        socket.send("of somebody else");
      };
      socket.on("open", say).on("message", () => setTimeout(say, 5));
      socket.on("error", () => undefined).on("close", () => resolve());
    });
  }
  return sent;
}

const onNginx = (use: (proxy: ForeignProxy) => Promise<void>) => () => withForeignProxy("nginx", use);

describe("a run behind somebody else's proxy", { concurrency: 2 }, () => {
  it(
    "splits and counts as behind one of its own, and keeps others' traffic apart",
    epollOnly,
    onNginx(async ({ url, behind, behindPort }) => {
      const others = talkAsOthers(behindPort);
      const [far, own] = await measure(
        ["compare", `far=${url}/sock`, "own=nginx", "--behind", behind],
        ["others-behind"],
      );
      const sent = await others;
      assert.deepEqual(
        [far?.behind?.addresses, far?.behind?.reached, far?.behind?.tokenIn, own?.behind],
        [[behind], true, "header", undefined],
      );
      const seen = far?.behind?.others?.messages ?? 0;
      assert.ok(seen > 0 && seen <= sent, `${seen} of ${sent}`);
      for (const series of ["uplink", "backend", "downlink"] as const)
        for (const arm of [far, own]) assert.ok((arm?.trials[0]?.latencyUs[series]?.count ?? 0) > 0, series);
      assert.equal(far?.proxy.kind, "url");
    }),
  );

  it(
    "is known by its query where headers do not get through",
    onNginx(async ({ url, behind }) => {
      const [arm] = await measure(["run", `${url}/no-header?room=1`, "--behind", behind]);
      assert.equal(arm?.behind?.tokenIn, "query");
    }),
  );

  it(
    "says before any load what answered instead, and what arrived",
    onNginx(async ({ url, behind }) => {
      const rows: readonly (readonly [string, RegExp])[] = [
        [
          "/elsewhere",
          /at ws:\S+\/elsewhere came HTTP\/1\.1 502 Bad Gateway, Server: nginx\S*; nothing arrived at 127\.0\.0\.1:\d+, where wsrally's backend listens: want a proxy whose upstream is there$/,
        ],
        [
          "/no-token",
          /came HTTP\/1\.1 101 .*what arrived at \S+ had the run's token neither in its header Wsrally-Token nor in its query/,
        ],
        ["/no-upgrade", /HTTP 426 .*pass Upgrade and Connection on to the backend/],
      ];
      for (const [path, words] of rows)
        assert.match(await refusal(["run", `${url}${path}`, "--behind", behind]), words);
    }),
  );

  it(
    "probes both ends",
    onNginx(async ({ url, behind }) => {
      const rows: readonly (readonly [string, string | null, readonly string[]])[] = [
        ["/sock", "header", []],
        ["/no-header", "query", []],
        ["/no-upgrade", "header", ["upgrade-headers"]],
        ["/elsewhere", null, ["route"]],
      ];
      await withFolder(async (out) => {
        for (const [path, tokenIn, faults] of rows) {
          const words = ["probe", `${url}${path}`, "--behind", behind, "--quick", "--json", "--out", out];
          const { code, stdout, stderr } = await runHere(words);
          assert.equal(code, faults.length === 0 ? 0 : 20, stderr);
          const { arm, findings } = probeDocumentSchema.parse(JSON.parse(stdout));
          assert.deepEqual(arm.behind, { addresses: [behind], reached: tokenIn !== null, tokenIn });
          const found = findings.filter(({ status }) => status === "fault").map(({ id }) => id);
          assert.deepEqual(found, faults);
          assert.equal(
            findings.find(({ id }) => id === "path")?.status,
            tokenIn === null ? "not-tested" : "ok",
          );
        }
      });
      const refused = await runHere(["probe", "nginx", "--behind", behind]);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /^Cannot stand behind nginx: want the ws:\/\/ or wss:\/\/ URL/);
      const taken = url.replace("ws://", "");
      const both = await runHere(["probe", `${url}/sock`, "--behind", `${behind},${taken}`]);
      assert.equal(both.code, 3);
      assert.match(
        both.stderr,
        /^Cannot listen on \S+: .*EADDRINUSE.*; a probe has a backend of its own there$/m,
      );
    }),
  );

  it("takes a wsrally backend that runs there already, and leaves it running", epollOnly, () =>
    withForeignProxy("haproxy", async ({ url, behind, behindPort }) => {
      await withPongServer({ port: behindPort, path: null, token, stamps: true }, async (server) => {
        const words = ["run", `${url}/sock`, "--behind", behind];
        assert.match(await refusal(words), /a wsrally backend that runs there is used with the same --token/);
        const other = [...words, "--token", "another-word-than-its"];
        assert.match(await refusal(other), /no wsrally backend with this token answers there/);
        const [arm] = await measure([...words, "--token", token]);
        assert.ok(arm?.trials[0]?.latencyUs.uplink !== undefined);
        assert.ok(server.counts().upgrades > 0);
      });
    }),
  );

  it("rolls out what happens to the backend, and refuses what happens to a proxy", epollOnly, () =>
    withForeignProxy("haproxy", async ({ url, behind }) => {
      const [rollout] = await rollOut([`${url}/sock`, "--behind", behind, "--event", "backend-drain"]);
      assert.ok(rollout !== undefined);
      assert.deepEqual([rollout.lost.count, sidesOf(rollout)], [60, ["backend"]]);
      const { code, stderr } = await runHere([
        "rollout",
        `${url}/sock`,
        "--behind",
        behind,
        "--event",
        "reload",
      ]);
      assert.equal(code, 2);
      assert.match(stderr, /^Cannot do reload to the arm .*: it has no proxy of ours$/m);
    }),
  );
});
