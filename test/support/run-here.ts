/**
 * Runs a command line in this process: for tests of what is said, of which each would cost half a second of starting. What a
 * process adds (signals, streams, its end) is for `run-cli.ts`.
 */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { runCommandLine } from "#wsrally/commands/run-command-line.js";
import type { CliResult } from "./run-cli.js";

export async function runHere(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const [stdout, stderr] = [createStream(), createStream()];
  const said = Promise.all([text(stdout), text(stderr)]);
  const terminal = { stdout, stderr, env: { CI: "true", ...env }, issueCommand: () => undefined };
  const code = await runCommandLine({ terminal, signal: new AbortController().signal, argv });
  stdout.end();
  stderr.end();
  const [onStdout, onStderr] = await said;
  return { code, stdout: onStdout, stderr: onStderr };
}

/** Like a pipe's: no terminal, no columns. */
function createStream(): PassThrough & NodeJS.WriteStream {
  return new PassThrough() as unknown as PassThrough & NodeJS.WriteStream;
}
