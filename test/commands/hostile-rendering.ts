/** Hostile runs rendered in every format, in one process that measures itself. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type HostileRun, makeHostileRuns, secret, secretPath } from "../support/hostile-results.js";
import type { Rendered } from "../support/render-hostile.js";
import { withFolder } from "../support/with-folder.js";

const run = promisify(execFile);

/** Five are wanted, on a machine that does nothing else; here other tests run. */
const mostCpuS = 10;

/** With a results folder, in a folder of its own. */
export function withResults<Value>(work: (out: string) => Promise<Value>): Promise<Value> {
  return withFolder(async (folder) => {
    const out = join(folder, "results");
    mkdirSync(out);
    writeFileSync(secretPath(out), `${secret}\n`);
    return await work(out);
  });
}

/** Those that end otherwise than they are to, take too long, or show another file. */
export async function faultsOf(out: string, runs: readonly HostileRun[]): Promise<Partial<Rendered>[]> {
  makeHostileRuns(out);
  const args = [resolve("dist-test/support/render-hostile.js"), out, ...runs.map(({ kind }) => kind)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 24 });
  const rendered = new Map((JSON.parse(stdout) as Rendered[]).map((one) => [one.kind, one]));
  return runs.flatMap(({ kind, says }) => {
    const { code, message, leaks, cpuS } = rendered.get(kind) as Rendered;
    const isSaid = says === null ? code === 0 : code === 2 && says.test(message);
    const isQuiet = leaks.length === 0 && !message.includes(secret);
    return isSaid && isQuiet && cpuS < mostCpuS ? [] : [{ kind, code, message, leaks, cpuS }];
  });
}
