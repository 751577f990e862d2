/** Completion for fish: a line for each word and flag, with what it is for. */
import type { TypedCommand, TypedFlag } from "./command-tree.js";

export function fishScript(commands: readonly TypedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const when = condition(command, commands);
    return [
      ...(command.takesFiles ? [] : [line(when, ["-f"], "")]),
      ...command.words.map(({ word, about }) => line(when, [`-a ${quoted(word)}`], about)),
      ...(command.takesRuns ? [line(when, [`-a ${quoted("(__wsrally_runs)")}`], "stored")] : []),
      ...command.flags.map((flag) => line(when, flagWords(flag), flag.about)),
    ];
  });
  return `# fish completion of wsrally: wsrally completion fish > ~/.config/fish/completions/wsrally.fish
function __wsrally_runs
    for file in results/*/run.json results/*/probe.json
        basename (dirname $file)
    end
end

${lines.join("\n")}
`;
}

/** Where a command's words and flags belong: behind its name, and before that of one below it. */
function condition({ path }: TypedCommand, commands: readonly TypedCommand[]): string {
  if (path.length === 0) return "__fish_use_subcommand";
  const below = commands
    .filter((one) => one.path.length === path.length + 1 && path.every((name, at) => one.path[at] === name))
    .map((one) => one.path.at(-1));
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const unseen = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(" ")}`];
  return [...seen, ...unseen].join("; and ");
}

function flagWords({ names, takesValue, values }: TypedFlag): string[] {
  const spelt = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  if (!takesValue) return spelt;
  return values.length === 0 ? [...spelt, "-r"] : [...spelt, "-x", `-a ${quoted(values.join(" "))}`];
}

function line(when: string, words: readonly string[], about: string): string {
  const described = about === "" ? [] : [`-d ${quoted(about)}`];
  return ["complete -c wsrally", `-n ${quoted(when)}`, ...words, ...described].join(" ");
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
