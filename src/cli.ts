#!/usr/bin/env node
/**
 * The process's edge: the command line, signals and the exit code. Nothing is computed here.
 */
import { Command, CommanderError } from "commander";
import { InterruptedError, UserFacingError } from "./base/errors.js";
import { type ExitCode, exitCodes } from "./base/exit-codes.js";
import { backendCommand } from "./commands/backend.js";
import { baselineCommand } from "./commands/baseline.js";
import { capacityCommand } from "./commands/capacity.js";
import { guardOutput } from "./commands/ci/guard-output.js";
import { compareCommand } from "./commands/compare.js";
import { demoCommand } from "./commands/demo.js";
import { gateCommand } from "./commands/gate.js";
import { historyCommand } from "./commands/history.js";
import { probeCommand } from "./commands/probe.js";
import { proxiesCommand } from "./commands/proxies.js";
import { reportCommand } from "./commands/report.js";
import { runCommand } from "./commands/run.js";
import { soakCommand } from "./commands/soak.js";
import type { CommandContext } from "./commands/terminal.js";
import { escapeControls } from "./report/plain-text.js";
import { toolVersion } from "./results/build-document.js";

function createProgram(context: CommandContext): Command {
  const program = new Command("wsrally")
    .description(
      "Measures what a proxy does to WebSockets: thousands of ping-pong connections through a real nginx, from both " +
        "ends, compared with honest statistics.",
    )
    .version(toolVersion)
    .showHelpAfterError("(--help says what there is)")
    .addHelpText("after", examples);
  const commands = [
    runCommand(context),
    compareCommand(context),
    gateCommand(context),
    probeCommand(context),
    capacityCommand(context),
    soakCommand(context),
    reportCommand(context),
    historyCommand(context),
    baselineCommand(context),
    backendCommand(context),
    proxiesCommand(),
    demoCommand(context),
  ];
  for (const command of commands) program.addCommand(command);
  overrideExit(program);
  return program;
}

/** commander's own exit code for bad input is 1, which here stays a crash. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const inner of command.commands) overrideExit(inner);
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => interrupt.abort(new InterruptedError("Interrupted")));
  }
  const { stdout, stderr, env } = process;
  guardOutput(stdout, env);
  const terminal = { stdout, stderr, env, issueCommand: guardOutput(stderr, env) };
  const program = createProgram({ terminal, signal: interrupt.signal, argv });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCodes.ok;
  } catch (thrown) {
    return toExitCode(thrown);
  }
}

function toExitCode(thrown: unknown): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(thrown instanceof UserFacingError)) throw thrown;
  // Each line of a message is wsrally's, and what it quotes of a config or a name is not.
  process.stderr.write(`${thrown.message.split("\n").map(escapeControls).join("\n")}\n`);
  return thrown.exitCode;
}

const examples = `
Examples:
  wsrally demo                                       two nginx configs compared, in about two minutes
  wsrally compare nginx:old.conf nginx:new.conf
  wsrally run nginx-buffering --connections 2000
  wsrally gate --baseline origin/main:nginx.conf --candidate nginx.conf
  wsrally probe nginx:site.conf --path /sock          why does it not connect?
  wsrally capacity nginx:prod.conf --slo 'p99 < 20ms'   how much will it carry?
  wsrally report results/RUN
`;

// A closed pipe (wsrally report … | head) is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
