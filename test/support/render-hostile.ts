/**
 * Reads runs of a results folder, the first word, by their names, the others, and renders each in every format, in one process, and prints as JSON how each ended: a
 * process for each would take minutes to start.
 */
import { UserFacingError } from "#wsrally/base/errors.js";
import { renderRuns, reportFormats } from "#wsrally/commands/render-runs.js";
import { readRun } from "#wsrally/results/read-run.js";
import { secret } from "./hostile-results.js";

export interface Rendered {
  readonly kind: string;
  /** Exit code; 1 for a crash. */
  readonly code: number;
  readonly message: string;
  /** Formats whose text holds what no report may. */
  readonly leaks: readonly string[];
  readonly cpuS: number;
}

const terminal = { stdout: process.stdout, stderr: process.stderr, env: {}, issueCommand: () => undefined };

async function render(kind: string, out: string): Promise<Rendered> {
  const before = process.cpuUsage();
  const leaks: string[] = [];
  let [code, message, worstS] = [0, "", 0];
  try {
    const run = readRun(kind, out);
    const { user, system } = process.cpuUsage(before);
    const readS = (user + system) / 1e6;
    for (const format of reportFormats) {
      const start = process.cpuUsage();
      try {
        const options = { format, detail: "full", explain: true, destination: "file", terminal } as const;
        const text = await renderRuns([run], options);
        if (text.includes(secret)) leaks.push(format);
      } catch (thrown) {
        [code, message] = endOf(thrown, code, `${format}: `);
      }
      const { user, system } = process.cpuUsage(start);
      worstS = Math.max(worstS, readS + (user + system) / 1e6);
    }
  } catch (thrown) {
    [code, message] = endOf(thrown, code, "");
    const { user, system } = process.cpuUsage(before);
    worstS = (user + system) / 1e6;
  }
  return { kind, code, message, leaks, cpuS: worstS };
}

function endOf(thrown: unknown, before: number, where: string): [number, string] {
  if (thrown instanceof UserFacingError) return [before === 1 ? 1 : thrown.exitCode, where + thrown.message];
  return [1, where + String(thrown instanceof Error ? thrown.stack : thrown)];
}

const [out = "", ...kinds] = process.argv.slice(2);
const rendered: Rendered[] = [];
for (const kind of kinds) rendered.push(await render(kind, out));
process.stdout.write(JSON.stringify(rendered));
