/**
 * Runs a command line in this process: for tests of what is said and measured, of which each would cost a second of starting. What
 * a process adds (signals, streams, its end, a folder for temporary files) is for `run-cli.ts`.
 */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { openTerminal } from "#wsrally/commands/open-terminal.js";
import { runCommandLine } from "#wsrally/commands/run-command-line.js";
import type { CliOptions, CliResult } from "./run-cli.js";

/** Where the program is run, and what its terminal's environment holds; the process's own is not changed. */
interface HereOptions extends Pick<CliOptions, "cwd" | "env"> {
  /** Of a terminal; left out for a pipe, which has none. */
  readonly columns?: number;
  /** Aborted already: whoever stops it before anything has begun. */
  readonly signal?: AbortSignal;
}

/** Command lines that run now: all in one folder, for that is the process's. */
let running = 0;

/** @throws Error for another folder while a command line runs */
export async function runHere(
  argv: readonly string[],
  { cwd, ...options }: HereOptions = {},
): Promise<CliResult> {
  if (cwd !== undefined && running > 0)
    throw new Error(`Cannot run in ${cwd}: a command line runs elsewhere`);
  const before = process.cwd();
  running += 1;
  if (cwd !== undefined) process.chdir(cwd);
  try {
    return await run(argv, options);
  } finally {
    running -= 1;
    if (cwd !== undefined) process.chdir(before);
  }
}

async function run(
  argv: readonly string[],
  { env = {}, columns, signal = new AbortController().signal }: HereOptions,
): Promise<CliResult> {
  const [stdout, stderr] = [createStream(columns), createStream(columns)];
  const said = Promise.all([text(stdout), text(stderr)]);
  const terminal = openTerminal({ stdout, stderr, env: { CI: "true", ...env } }, argv);
  const code = await runCommandLine({ terminal, signal, argv, startedMs: performance.now() });
  stdout.end();
  stderr.end();
  const [onStdout, onStderr] = await said;
  return { code, stdout: onStdout, stderr: onStderr };
}

function createStream(columns: number | undefined): PassThrough & NodeJS.WriteStream {
  const stream = columns === undefined ? {} : { isTTY: true, columns };
  return Object.assign(new PassThrough(), stream) as unknown as PassThrough & NodeJS.WriteStream;
}
