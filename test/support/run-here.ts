/**
 * Runs a command line in this process: for tests of what is said, of which each would cost half a second of starting. What a
 * process adds (signals, streams, its end) is for `run-cli.ts`.
 */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { runCommandLine } from "#wsrally/commands/run-command-line.js";
import type { CliResult } from "./run-cli.js";

interface HereOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Of a terminal; left out for a pipe, which has none. */
  readonly columns?: number;
}

export async function runHere(
  argv: readonly string[],
  { env = {}, columns }: HereOptions = {},
): Promise<CliResult> {
  const [stdout, stderr] = [createStream(columns), createStream(columns)];
  const said = Promise.all([text(stdout), text(stderr)]);
  const terminal = { stdout, stderr, env: { CI: "true", ...env }, issueCommand: () => undefined };
  const code = await runCommandLine({ terminal, signal: new AbortController().signal, argv });
  stdout.end();
  stderr.end();
  const [onStdout, onStderr] = await said;
  return { code, stdout: onStdout, stderr: onStderr };
}

function createStream(columns: number | undefined): PassThrough & NodeJS.WriteStream {
  const stream = columns === undefined ? {} : { isTTY: true, columns };
  return Object.assign(new PassThrough(), stream) as unknown as PassThrough & NodeJS.WriteStream;
}
