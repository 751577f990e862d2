/**
 * What the program says of its commands, for the reference and the manual pages: read from the commands themselves, so that both
 * say what `--help` says.
 */
import { commandList } from "../../build/commands/command-list.js";

const context = {
  terminal: { stdout: process.stdout, stderr: process.stderr, env: {}, issueCommand: () => undefined },
  signal: new AbortController().signal,
  argv: [],
  startedMs: 0,
};

/** Where commander puts options without a heading of their own. */
const ownGroup = "Options:";
/** Of so many commands a group is told once, and not with each of them. */
const shared = 3;

/**
 * Of every command, and of those below it.
 * @returns {Promise<{
 *   name: string, takes: string, summary: string, description: string, examples: string,
 *   terms: {term: string, text: string}[], groups: {heading: string, terms: {term: string, text: string}[]}[],
 * }[]>}
 */
export async function commandFacts() {
  const facts = [];
  for (const { name, takes, summary, load } of commandList) {
    const command = await load(context);
    facts.push({ ...factsOf(command, name), takes, summary });
    for (const inner of command.commands) {
      const words = inner.registeredArguments.map((argument) => argumentWord(argument));
      facts.push({
        ...factsOf(inner, `${name} ${inner.name()}`),
        takes: words.join(" "),
        summary: inner.summary() || inner.description().split(". ", 1)[0],
      });
    }
  }
  return facts;
}

/**
 * Groups of flags that several commands have: each once, with all of its flags, and the commands that take it. A command may
 * leave some of them out.
 */
export function sharedGroups(facts) {
  const groups = new Map();
  for (const { name, groups: own } of facts) {
    for (const { heading, terms } of own) {
      if (heading === ownGroup) continue;
      const group = groups.get(heading) ?? { heading, commands: [], terms: new Map() };
      group.commands.push(name);
      for (const { term, text } of terms) if (!group.terms.has(term)) group.terms.set(term, text);
      groups.set(heading, group);
    }
  }
  return [...groups.values()]
    .filter(({ commands }) => commands.length >= shared)
    .map(({ heading, commands, terms }) => ({
      heading: heading.replace(/:$/, ""),
      commands,
      terms: [...terms].map(([term, text]) => ({ term, text })),
    }));
}

function factsOf(command, name) {
  const help = command.createHelp();
  const groups = new Map([[ownGroup, []]]);
  for (const option of help.visibleOptions(command)) {
    const heading = option.helpGroupHeading ?? ownGroup;
    const terms = groups.get(heading) ?? [];
    terms.push({ term: help.optionTerm(option), text: help.optionDescription(option) });
    groups.set(heading, terms);
  }
  return {
    name,
    description: command.description(),
    examples: textAfter(command),
    terms: help.visibleArguments(command).map((argument) => ({
      term: argumentWord(argument),
      text: help.argumentDescription(argument),
    })),
    groups: [...groups].map(([heading, terms]) => ({ heading, terms })),
  };
}

function argumentWord(argument) {
  const dots = argument.variadic ? "..." : "";
  return argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`;
}

/** commander keeps what stands behind the flags as a listener. */
function textAfter(command) {
  let text = "";
  command.emit("afterHelp", { error: false, command, write: (part) => (text += part) });
  return text.trim();
}
