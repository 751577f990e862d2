/**
 * A command line, from its words to its exit code, on whatever terminal it is given.
 */
import { Command, CommanderError } from "commander";
import { shortageOr, UsageError, UserFacingError } from "../base/errors.js";
import { type ExitCode, exitCodes } from "../base/exit-codes.js";
import { meantWords } from "../base/nearest-name.js";
import { toolVersion } from "../base/tool-version.js";
import { talkEvent } from "../report/draw/talk-text.js";
import { commandList } from "./command-list.js";
import { helpAllFlag } from "./help-groups.js";
import { fitHelp, helpColumns, layExamples } from "./help-page.js";
import { suggestChoices } from "./suggest-choices.js";
import { type CommandContext, say, type Terminal } from "./terminal.js";

/** @throws what is a fault of ours */
export async function runCommandLine(given: CommandContext): Promise<ExitCode> {
  const context = talksJson(given.argv)
    ? { ...given, terminal: { ...given.terminal, talk: "json" as const } }
    : given;
  const { exitCode, message } = await parse(context);
  const { stderr, talk } = context.terminal;
  if (talk === "json") stderr.write(talkEvent({ event: "end", exitCode, message }));
  // Each line of a message is wsrally's, and what it quotes of a config or a name is not.
  else for (const line of message?.split("\n") ?? []) say(context.terminal, line);
  return exitCode;
}

/** Asked before anything is read: of a mistake on the command line a program is told in the same way. */
function talksJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) => word === "--progress=json" || (word === "json" && argv[at - 1] === "--progress"),
  );
}

interface End {
  readonly exitCode: ExitCode;
  /** Why; null where nothing is left to be said. */
  readonly message: string | null;
}

async function parse(context: CommandContext): Promise<End> {
  const refusal: string[] = [];
  try {
    const isAll = context.argv.includes(helpAllFlag);
    const argv = context.argv.map((word) => (word === helpAllFlag ? "--help" : word));
    const program = await createProgram({ ...context, argv }, { refusal, help: isAll ? "all" : "usual" });
    await program.parseAsync(argv, { from: "user" });
    return { exitCode: exitCodes.ok, message: null };
  } catch (thrown) {
    return endOf(shortageOr(thrown), refusal);
  }
}

interface ProgramOptions {
  /** Takes what commander says of a mistake, where it is not for people. */
  readonly refusal: string[];
  readonly help: "usual" | "all";
}

async function createProgram(context: CommandContext, { refusal, help }: ProgramOptions): Promise<Command> {
  const program = new Command("wsrally")
    .description(
      "Measures what a proxy does to WebSockets: thousands of ping-pong connections through a real proxy, from both " +
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
  const { terminal } = context;
  const writeErr = terminal.talk === "json" ? (text: string) => refusal.push(text.trim()) : undefined;
  setUp(program, { terminal, columns, help, writeErr });
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
function setUp(command: Command, output: Output): void {
  const { terminal, columns, help, writeErr = (text) => void terminal.stderr.write(text) } = output;
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.stdout.write(layExamples(text, columns)),
    writeErr,
  });
  fitHelp(command, columns, help);
  suggestChoices(command);
  for (const inner of command.commands) setUp(inner, output);
}

interface Output {
  readonly terminal: Terminal;
  readonly columns: number;
  readonly help: ProgramOptions["help"];
  /** To stderr when undefined. */
  readonly writeErr: ((text: string) => void) | undefined;
}

function endOf(thrown: unknown, refusal: readonly string[]): End {
  if (thrown instanceof CommanderError) {
    const said = refusal.length === 0 ? null : refusal.join("\n");
    return { exitCode: thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage, message: said };
  }
  if (!(thrown instanceof UserFacingError)) throw thrown;
  return { exitCode: thrown.exitCode, message: thrown.message === "" ? null : thrown.message };
}

const examples = `
Examples:
  wsrally doctor                                     what can be measured here?
  wsrally demo                                       two nginx configs compared, in about a minute
  wsrally compare nginx:old.conf nginx:new.conf
  wsrally run nginx-buffering --connections 2000
  wsrally gate --baseline origin/main:nginx.conf --candidate nginx.conf
  wsrally probe nginx:site.conf --path /sock          why does it not connect?
  wsrally capacity nginx:prod.conf --slo 'p99 < 20ms'   how much will it carry?
  wsrally report results/RUN
`;
