#!/usr/bin/env node
/**
 * The process's edge: the command line, signals and the exit code. Nothing is computed here.
 */
import { Command, CommanderError } from "commander";
import { InterruptedError, shortageOr, UserFacingError } from "./base/errors.js";
import { type ExitCode, exitCodes } from "./base/exit-codes.js";
import { toolVersion } from "./base/tool-version.js";
import { guardOutput } from "./commands/ci/guard-output.js";
import { commandList } from "./commands/command-list.js";
import { type CommandContext, say } from "./commands/terminal.js";
import { watchStreams } from "./commands/watch-streams.js";

/** They read and print, and leave nothing behind: a signal ends them at once, whatever they are reading. */
const readers = new Set(["report", "history", "baseline"]);

async function createProgram(context: CommandContext): Promise<Command> {
  const program = new Command("wsrally")
    .description(
      "Measures what a proxy does to WebSockets: thousands of ping-pong connections through a real nginx, from both " +
        "ends, compared with honest statistics.",
    )
    .version(toolVersion)
    .showHelpAfterError("(--help says what there is)")
    .addHelpText("after", examples);
  const called = calledCommand(context.argv);
  for (const { name, takes, summary, load } of commandList) {
    if (called === name) program.addCommand(await load(context));
    // Enough for help, and to tell what a misspelt name is like.
    if (called === null) program.addCommand(withArguments(new Command(name).summary(summary), takes));
  }
  overrideExit(program);
  return program;
}

/** commander takes an empty text for an argument without a name. */
function withArguments(command: Command, takes: string): Command {
  return takes === "" ? command : command.arguments(takes);
}

/** The command whose file is needed: named first, or behind `help`. */
function calledCommand([first = "", second = ""]: readonly string[]): string | null {
  const name = first === "help" ? second : first;
  return commandList.some((command) => command.name === name) ? name : null;
}

/** commander's own exit code for bad input is 1, which here stays a crash. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const inner of command.commands) overrideExit(inner);
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new InterruptedError("Interrupted"));
  const signals = readers.has(argv[0] ?? "") ? [] : (["SIGINT", "SIGTERM", "SIGHUP"] as const);
  for (const name of signals) process.on(name, stop);
  const { stdout, stderr, env } = process;
  const streams = watchStreams(process, stop);
  // A stream may tell of its failure after the last line was written to it.
  process.once("exit", () => {
    if (streams.outputTrouble() !== null) process.exitCode ||= exitCodes.environment;
  });
  guardOutput(stdout, env);
  const terminal = { stdout, stderr, env, issueCommand: guardOutput(stderr, env) };
  try {
    const program = await createProgram({ terminal, signal: interrupt.signal, argv });
    await program.parseAsync(argv, { from: "user" });
    return exitCodes.ok;
  } catch (thrown) {
    return toExitCode(shortageOr(thrown));
  }
}

function toExitCode(thrown: unknown): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(thrown instanceof UserFacingError)) throw thrown;
  // Each line of a message is wsrally's, and what it quotes of a config or a name is not.
  for (const line of thrown.message.split("\n")) say(process, line);
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

process.exitCode = await main(process.argv.slice(2));
