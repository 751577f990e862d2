#!/usr/bin/env node
/**
 * The process's edge: the command line, signals and the exit code. Nothing is computed here.
 */
import { InterruptedError } from "./base/errors.js";
import { type ExitCode, exitCodes } from "./base/exit-codes.js";
import { watchStreams } from "./commands/watch-streams.js";

/** They read and print, and leave nothing behind: a signal ends them at once, whatever they are reading. */
const readers = new Set(["report", "history", "baseline"]);

async function main(argv: readonly string[]): Promise<ExitCode> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new InterruptedError("Interrupted"));
  const signals = readers.has(argv[0] ?? "") ? [] : (["SIGINT", "SIGTERM", "SIGHUP"] as const);
  for (const name of signals) process.on(name, stop);
  const streams = watchStreams(process, stop);
  // A stream may tell of its failure after the last line was written to it.
  process.once("exit", () => {
    if (streams.outputTrouble() !== null) process.exitCode ||= exitCodes.environment;
  });
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    // Asked by scripts, again and again: it takes no command line to be read.
    const { toolVersion } = await import("./base/tool-version.js");
    process.stdout.write(`${toolVersion}\n`);
    return exitCodes.ok;
  }
  const { openTerminal } = await import("./commands/open-terminal.js");
  const { runCommandLine } = await import("./commands/run-command-line.js");
  // A process's arguments are for every user of the machine to read, and may hold a password.
  process.title = "wsrally";
  return runCommandLine({
    terminal: openTerminal(process, argv),
    signal: interrupt.signal,
    argv,
    startedMs: 0,
  });
}

process.exitCode = await main(process.argv.slice(2));
