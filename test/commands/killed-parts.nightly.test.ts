/**
 * Each part of a run killed outright at random moments: what it was is said, nobody else is blamed, and nothing is left over.
 */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createPrng, nextBelow } from "#wsrally/base/prng.js";
import { readTitle } from "#wsrally/proxy/proc-files.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { awaitNoProcesses } from "../support/leftovers.js";
import { type CliResult, type RunningCli, startCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

const rounds = 5;
/** From the first line on: while the proxy starts, connections open, the load runs, and when all is over. */
const mostMs = 9000;

const load = ["--connections", "20", "--rate", "400", "--duration", "1", "--warmup", "0.5", "--blocks", "2"];

interface Part {
  readonly name: string;
  /** Of the run's processes, by what they call themselves. */
  is(title: string, isRoot: boolean): boolean;
  readonly codes: readonly (number | null)[];
  /** Null for any. */
  readonly side: "proxy" | null;
}

const parts: readonly Part[] = [
  { name: "wsrally", is: (_, isRoot) => isRoot, codes: [null, 0], side: null },
  { name: "the backend", is: (title) => title.includes("backend-main"), codes: [3, 0], side: null },
  {
    name: "nginx's master",
    is: (title) => title.startsWith("nginx: master"),
    codes: [3, 0],
    side: "proxy",
  },
  {
    name: "nginx's worker",
    is: (title) => title.startsWith("nginx: worker"),
    codes: [3, 0],
    side: "proxy",
  },
];

const random = createPrng(Number(process.env.WSRALLY_SEED ?? 1) >>> 0);

describe("a part that is killed at a random moment", () => {
  for (const part of parts)
    for (let round = 1; round <= rounds; round++) {
      const atMs = nextBelow(random, mostMs);
      it(`${part.name}, ${atMs} ms after the first line`, async () => {
        await withFolder(async (cwd) => {
          const tmp = join(cwd, "tmp");
          mkdirSync(tmp);
          const run = startCli(["run", "nginx", ...load, "--json"], { cwd, env: { TMPDIR: tmp } });
          await killAfter(run, part, atMs);
          const result = await run.result;
          assertEnd(result, part);
          assert.deepEqual(await awaitNoProcesses(tmp), []);
          for (let tries = 0; tries < 100 && readdirSync(tmp).length > 0; tries++) await sleep(50);
          assert.deepEqual(readdirSync(tmp), []);
        });
      });
    }
});

async function killAfter({ child, stderr }: RunningCli, part: Part, atMs: number): Promise<void> {
  const { pid = 0 } = child;
  while (!stderr().includes("\n") && child.exitCode === null) await sleep(2);
  await sleep(atMs);
  // It may not have been started yet, or have ended.
  for (const one of processTree(pid)) {
    if (!part.is(readTitle(one) ?? "", one === pid)) continue;
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}

function assertEnd({ code, stdout, stderr }: CliResult, { codes, side }: Part): void {
  assert.ok(codes.includes(code), `${code}: ${stderr}`);
  assert.doesNotMatch(stderr, /\n {4}at /);
  if (code === 3) assert.match(stderr, /^(Cannot|The backend process has ended|The proxy|nginx)/m);
  if (code !== 0 || side === null) return;
  const { arms } = JSON.parse(stdout) as RunDocument;
  const blamed = arms.flatMap(({ trials }) => trials.flatMap(({ failures }) => failures));
  assert.deepEqual(
    blamed.filter((failure) => failure.side !== side),
    [],
    stderr,
  );
}
