/**
 * A command line, from its words to its exit code, on whatever terminal it is given.
 */
import { Command, CommanderError } from "commander";
import { shortageOr, UsageError, UserFacingError } from "../base/errors.js";
import { type ExitCode, exitCodes } from "../base/exit-codes.js";
import { meantWords } from "../base/nearest-name.js";
import { toolVersion } from "../base/tool-version.js";
import { commandList } from "./command-list.js";
import { fitHelp, helpColumns, layExamples } from "./help-page.js";
import { suggestChoices } from "./suggest-choices.js";
import { type CommandContext, say, type Terminal } from "./terminal.js";

/** @throws what is a fault of ours */
export async function runCommandLine(context: CommandContext): Promise<ExitCode> {
  try {
    const program = await createProgram(context);
    await program.parseAsync(context.argv, { from: "user" });
    return exitCodes.ok;
  } catch (thrown) {
    return toExitCode(shortageOr(thrown), context.terminal);
  }
}

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
  refuseUnknownHelp(context.argv);
  for (const { name, takes, summary, load } of commandList) {
    if (called === name || called === readsAll) program.addCommand((await load(context)).summary(summary));
    // Enough for help, and to tell what a misspelt name is like.
    if (called === null) program.addCommand(withArguments(new Command(name).summary(summary), takes));
  }
  const columns = helpColumns(context.terminal.stdout);
  setUp(program, context.terminal, columns);
  return program;
}

/** The command that tells of every other. */
const readsAll = "completion";

/** commander takes an empty text for an argument without a name. */
function withArguments(command: Command, takes: string): Command {
  return takes === "" ? command : command.arguments(takes);
}

/** The command whose file is needed: named first, or behind `help`. */
function calledCommand([first = "", second = ""]: readonly string[]): string | null {
  const name = first === "help" ? second : first;
  return commandList.some((command) => command.name === name) ? name : null;
}

/** commander would answer with the general help. @throws UsageError */
function refuseUnknownHelp([first, second = ""]: readonly string[]): void {
  const names = commandList.map(({ name }) => name);
  if (first !== "help" || second === "" || second.startsWith("-") || [...names, "help"].includes(second))
    return;
  throw new UsageError(`There is no command ${second}${meantWords(second, names)}: want ${names.join(", ")}`);
}

/** commander's own exit code for bad input is 1, which here stays a crash. */
function setUp(command: Command, terminal: Terminal, columns: number): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.stdout.write(layExamples(text, columns)),
    writeErr: (text) => terminal.stderr.write(text),
  });
  fitHelp(command, columns);
  suggestChoices(command);
  for (const inner of command.commands) setUp(inner, terminal, columns);
}

function toExitCode(thrown: unknown, terminal: Terminal): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(thrown instanceof UserFacingError)) throw thrown;
  // Each line of a message is wsrally's, and what it quotes of a config or a name is not.
  for (const line of thrown.message.split("\n")) say(terminal, line);
  return thrown.exitCode;
}

const examples = `
Examples:
  wsrally doctor                                     what can be measured here?
  wsrally demo                                       two nginx configs compared, in about two minutes
  wsrally compare nginx:old.conf nginx:new.conf
  wsrally run nginx-buffering --connections 2000
  wsrally gate --baseline origin/main:nginx.conf --candidate nginx.conf
  wsrally probe nginx:site.conf --path /sock          why does it not connect?
  wsrally capacity nginx:prod.conf --slo 'p99 < 20ms'   how much will it carry?
  wsrally report results/RUN
`;
