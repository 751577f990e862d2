/**
 * What a rollout says of down time and bursts, beside what independent clients (`ws`) on the same proxy note of their own.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { readTitle } from "#wsrally/proxy/proc-files.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { Rollout } from "#wsrally/results/rollout-schema.js";
import { runDocumentSchema } from "#wsrally/results/run-document.js";
import { worstBurst } from "#wsrally/trial/rollout/bill.js";
import { type RunningCli, startCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

const clients = 40;
const retryMs = 100;

/** Clients that come back at once, or as long as it takes, and keep their own diary. */
class RawClients {
  readonly downMs: number[] = [];
  readonly triedMs: number[] = [];
  readonly #url: string;
  readonly #waitMs: number;
  readonly #sockets = new Set<WebSocket>();
  #isOver = false;

  constructor(url: string, waitMs: number) {
    this.#url = url;
    this.#waitMs = waitMs;
  }

  /** Resolves when it is open. */
  open(lostMs: number | null = null): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.#url);
      let openedMs: number | null = null;
      this.#sockets.add(socket);
      if (lostMs !== null) this.triedMs.push(performance.now());
      socket.on("error", () => undefined);
      socket.on("open", () => {
        openedMs = performance.now();
        if (lostMs !== null) this.downMs.push(openedMs - lostMs);
        resolve();
      });
      socket.on("close", () => {
        this.#sockets.delete(socket);
        if (this.#isOver) return;
        if (openedMs === null && lostMs === null) reject(new Error(`${this.#url} is not opened`));
        const [since, wait] =
          openedMs === null ? [lostMs ?? performance.now(), retryMs] : [performance.now(), this.#waitMs];
        setTimeout(() => void this.open(since), wait);
      });
    });
  }

  stop(): void {
    this.#isOver = true;
    for (const socket of this.#sockets) socket.terminate();
  }
}

/** Of the nginx that a run has started, from the config in its folder. */
async function addressOf(cli: RunningCli): Promise<string> {
  while (!/messages\/s; engine/.test(cli.stderr())) await sleep(20);
  for (;;) {
    const master = processTree(cli.child.pid ?? 0).find((pid) => readTitle(pid)?.startsWith("nginx: master"));
    if (master !== undefined) {
      const text = readFileSync(join(`/proc/${master}/cwd`, "nginx.conf"), "utf8");
      const [, address] = /listen (127\.0\.0\.1:\d+)/.exec(text) ?? [];
      if (address !== undefined) return address;
    }
    await sleep(20);
  }
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function rollOutBeside(
  args: readonly string[],
  waitMs: number,
): Promise<{ rollout: Rollout; raw: RawClients }> {
  return withFolder(async (out) => {
    const load = ["--connections", String(clients), "--before", "6s", "--json", "--out", out];
    // Room for both.
    const room = ["--set", `worker_connections=${10 * clients}`];
    const cli = startCli(["rollout", "nginx", ...room, ...args, ...load]);
    const raw = new RawClients(`ws://${await addressOf(cli)}/sock`, waitMs);
    await Promise.all(Array.from({ length: clients }, () => raw.open()));
    const { code, stdout, stderr } = await cli.result;
    raw.stop();
    assert.equal(code, 0, stderr);
    const [rollout] = runDocumentSchema.parse(JSON.parse(stdout)).rollouts ?? [];
    assert.ok(rollout !== undefined);
    return { rollout, raw };
  });
}

/** How far apart they are, in words; null where they are near. @param grain of what chance alone makes of it */
function apart(what: string, ours: number, theirs: number, grain: number): string | null {
  if (Math.abs(ours - theirs) <= Math.max(0.1 * theirs, grain)) return null;
  return `${what}: ${ours.toFixed(1)} beside ${theirs.toFixed(1)} of independent clients`;
}

/** By which of its tries a client finds a proxy that is back is chance, unless all wait for the same time first. */
const downGrainMs = { fixed: 25, "at-once": retryMs } as const;
/** Both share a proxy and two processors: what makes one of them late is not in the other's figures. */
const rounds = 3;

describe("a rollout's figures, beside independent clients' own", () => {
  for (const [name, policy, waitMs, args] of [
    ["a restart, and clients that wait a second", "fixed", 1000, ["--event", "restart"]],
    ["a restart, and clients that come back at once", "at-once", 0, ["--event", "restart"]],
    ["a reload that cuts", "fixed", 1000, ["--event", "reload", "--set", "worker_shutdown_timeout=1s"]],
  ] as const)
    it(`are within 10 % for ${name}, in one of ${rounds} rounds at least`, async () => {
      const misses: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const { rollout, raw } = await rollOutBeside([...args, "--reconnect", policy], waitMs);
        assert.equal(rollout.lost.count, clients);
        const burst = worstBurst(raw.triedMs.map((ms) => ms * 1e6));
        const found = [
          apart(
            "median down time, ms",
            rollout.downMs?.p50 ?? Number.NaN,
            medianOf(raw.downMs),
            downGrainMs[policy],
          ),
          apart("openings in the worst 100 ms", rollout.reconnects.worstPer100Ms, burst, clients / 10),
        ].filter((one) => one !== null);
        if (found.length === 0) return;
        misses.push(found.join("; "));
      }
      assert.fail(misses.join("\n"));
    });
});
