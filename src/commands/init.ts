/** `wsrally init`: writes a first scenario, or a CI file, from a few questions on a terminal or from flags. */
import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { Argument, Command } from "commander";
import { EnvironmentError, messageOf, UsageError } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import { replaceFile } from "../base/whole-file.js";
import { collectSettings } from "./arm-settings.js";
import {
  type Answers,
  type FileKind,
  fileKinds,
  likelyConfig,
  readAmount,
  readArm,
  readConfig,
  readSlo,
  usualFiles,
} from "./init/answers.js";
import { type Asker, withAsker } from "./init/ask.js";
import { githubText, gitlabText } from "./init/ci-text.js";
import { scenarioText } from "./init/scenario-text.js";
import { type CommandContext, say, type Terminal } from "./terminal.js";

interface InitFlags {
  readonly arm?: string[];
  readonly connections?: string;
  readonly rate?: string;
  readonly slo?: string;
  readonly maxSeconds?: string;
  readonly force?: true;
}

interface Wish {
  readonly kind: FileKind;
  readonly file: string;
  readonly answers: Answers;
}

export function initCommand({ terminal, signal }: CommandContext): Command {
  return new Command("init")
    .description(
      "Writes a first scenario file, a GitHub workflow or a GitLab job that gates a config: from flags, or where no arm is given " +
        "from a few questions on the terminal. What it writes is read by the program itself before; no file that is there is overwritten.",
    )
    .addArgument(new Argument("[kind]", "what to write").choices(fileKinds))
    .argument("[file]", "where to; - prints it (wsrally.yaml, .github/workflows/wsrally.yml, .gitlab-ci.yml)")
    .option(
      "--arm <arm>",
      "an arm of the scenario (repeat as needed; the first is the baseline); for CI the config that pull requests change",
      collectSettings,
    )
    .option("--connections <n>", "connections opened through every arm")
    .option("--rate <msg/s>", "messages a second; unless given, found out first")
    .option("--slo <expression>", "what it is held to, such as 'p99 < 20ms && failures == 0'")
    .option("--max-seconds <time>", "time that everything may take")
    .option("--force", "overwrite the file")
    .addHelpText("after", examples)
    .action(async (kind: FileKind | undefined, file: string | undefined, flags: InitFlags) => {
      const given = { kind, file, flags };
      const wish =
        flags.arm === undefined
          ? await askFor(given, { terminal, signal })
          : readFlags({ ...given, arms: flags.arm });
      write(wish, flags.force === true, terminal);
    });
}

interface Given {
  readonly kind: FileKind | undefined;
  readonly file: string | undefined;
  readonly flags: InitFlags;
}

function readFlags({ kind, file, flags, arms }: Given & { readonly arms: readonly string[] }): Wish {
  if (kind === undefined) throw new UsageError(`Cannot tell what to write: want ${fileKinds.join(", ")}`);
  if (kind !== "scenario" && arms.length > 1)
    throw new UsageError(
      `Cannot gate ${arms.join(" and ")}: want one --arm, the config that pull requests change`,
    );
  return {
    kind,
    file: file ?? usualFiles[kind],
    answers: {
      arms: arms.map(kind === "scenario" ? readArm : readConfig),
      connections: readAmount("connections", flags.connections ?? ""),
      rate: readAmount("rate", flags.rate ?? ""),
      slo: readSlo(flags.slo ?? ""),
      maxSeconds: readAmount("maxSeconds", flags.maxSeconds ?? ""),
    },
  };
}

async function askFor(given: Given, { terminal, signal }: Pick<CommandContext, "terminal" | "signal">) {
  const { stdin } = terminal;
  if (stdin?.isTTY !== true)
    throw new UsageError("Cannot ask without a terminal: want --arm, such as --arm nginx:site.conf");
  return withAsker({ terminal, input: stdin, signal }, (asker) => askAll(given, asker));
}

async function askAll({ kind: givenKind, file, flags }: Given, { ask }: Asker): Promise<Wish> {
  const kind =
    givenKind ??
    (await ask({ words: `What to write: ${fileKinds.join(", ")}`, usual: "scenario", read: readKind }));
  const arms = kind === "scenario" ? await askArms({ ask }) : [await ask(configQuestion())];
  const connections = await ask({
    words: "Connections",
    usual: flags.connections ?? "1000",
    read: (text) => readAmount("connections", text),
  });
  const rate = await ask({
    words: "Messages a second (none: found out first)",
    usual: flags.rate ?? "",
    read: (text) => readAmount("rate", text),
  });
  const slo = await ask({
    words: "What it is held to, such as p99 < 20ms && failures == 0 (none)",
    usual: flags.slo ?? "",
    read: readSlo,
  });
  const maxSeconds = await ask({
    words: "Time that it may take",
    usual: flags.maxSeconds ?? "120s",
    read: (text) => readAmount("maxSeconds", text),
  });
  const readFile = (text: string): string => {
    if (flags.force !== true) assertFree(text);
    return text;
  };
  const chosen = file ?? (await ask({ words: "File", usual: usualFiles[kind], read: readFile }));
  return { kind, file: chosen, answers: { arms, connections, rate, slo, maxSeconds } };
}

function readKind(text: string): FileKind {
  const kind = fileKinds.find((one) => one === text);
  if (kind === undefined) throw new UsageError(`Cannot write ${text}: want ${fileKinds.join(", ")}`);
  return kind;
}

async function askArms({ ask }: Asker): Promise<string[]> {
  const first = await ask({
    words: "What to measure: a config, or an arm such as nginx",
    usual: likelyConfig() ?? "nginx",
    read: readArm,
  });
  const second = await ask({
    words: "What to compare with it (none)",
    usual: "",
    read: (text) => (text === "" ? null : readArm(text)),
  });
  return second === null ? [first] : [first, second];
}

function configQuestion() {
  return {
    words: "The config that pull requests change, from the repository's root",
    usual: likelyConfig() ?? "nginx.conf",
    read: readConfig,
  };
}

const texts: Readonly<Record<FileKind, (answers: Answers, file: string) => string>> = {
  scenario: scenarioText,
  github: githubText,
  gitlab: gitlabText,
};

/** @throws UsageError where the file is there, EnvironmentError where it cannot be written */
function write({ kind, file, answers }: Wish, force: boolean, terminal: Terminal): void {
  const text = texts[kind](answers, file);
  if (file === "-") {
    terminal.stdout.write(text);
    return;
  }
  if (!force) assertFree(file);
  makeFolder(dirname(file), { what: "the folder" });
  try {
    replaceFile(file, text);
  } catch (thrown) {
    throw new EnvironmentError(`Cannot write ${file}: ${messageOf(thrown)}`);
  }
  say(terminal, `Written: ${file}. ${nextWords[kind](file)}`);
}

function assertFree(file: string): void {
  if (file === "-" || !isThere(file)) return;
  throw new UsageError(
    `Cannot write ${file}: it is there already; name another file, or --force overwrites it`,
  );
}

/** A link that leads nowhere is something, too. */
function isThere(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

const nextWords: Readonly<Record<FileKind, (file: string) => string>> = {
  scenario: (file) => `wsrally run ${file} --dry-run says what it comes to, wsrally run ${file} runs it`,
  github: () => "Commit it; the next pull request that changes the config is gated",
  gitlab: (file) =>
    file === usualFiles.gitlab
      ? "Commit it; the next merge request that changes the config is gated"
      : `Commit it, with \`include: { local: ${file} }\` in .gitlab-ci.yml`,
};

const examples = `
Examples:
  wsrally init                                                  asks
  wsrally init scenario --arm nginx:old.conf --arm nginx:new.conf
  wsrally init scenario load.yaml --arm nginx:site.conf --rate 5k --slo 'p99 < 20ms'
  wsrally init github --arm deploy/nginx.conf --slo 'p99 < 20ms && failures == 0'
  wsrally init gitlab .gitlab/wsrally.yml --arm haproxy:deploy/haproxy.cfg
`;
