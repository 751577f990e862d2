/**
 * Names of hosts in a stranger's conditions: `-n` behind a criterion forbids HAProxy to ask for them, whatever the criterion's type.
 */
import { criteriaIn, isNetwork, patternsBehind } from "../language/address-patterns.js";
import { type ConfigLine, withArgs } from "../language/config-tree.js";

/** Criteria, and ways to match, whose patterns are addresses for certain. */
const addressCriteria = /^(?:\w+\.)?(?:\w+_)?(?:src|dst)(?:,|$)|_ip(?:\(|,|$)|,ipmask\(/;
/** Options that take a network behind this word. */
const optionsWithNetwork: ReadonlySet<string> = new Set(["forwardfor", "originalto"]);

/**
 * The line, with every criterion told to look nothing up.
 * @throws what `refuse` makes of a name where only an address can be meant
 */
export function withoutLookUps(line: ConfigLine, refuse: (words: string) => Error): ConfigLine {
  const { name, args } = line;
  if (name === "option" && optionsWithNetwork.has(args[0] ?? "")) {
    for (const [at, word] of args.entries())
      if (args[at - 1] === "except" && !isNetwork(word)) throw refuse(nameWords(word));
    return line;
  }
  if (name === "monitor-net" && !isNetwork(args[0] ?? "")) throw refuse(nameWords(args[0] ?? ""));
  const starts = criteriaIn(line);
  if (starts.length === 0) return line;
  for (const at of starts) for (const word of namesBehind(args, at)) throw refuse(nameWords(word));
  return withArgs(
    line,
    args.flatMap((word, at) => (starts.includes(at) ? [word, "-n"] : [word])),
  );
}

/** Patterns that are no addresses, of a criterion whose patterns have to be. */
function namesBehind(args: readonly string[], criterion: number): string[] {
  const { method, at } = patternsBehind(args, criterion);
  if (method === null ? !addressCriteria.test(args[criterion] ?? "") : method !== "ip") return [];
  return at.map((index) => args[index] as string).filter((word) => !isNetwork(word));
}

function nameWords(word: string): string {
  return `\`${word.slice(0, 80)}\` is no address, and HAProxy would look it up as a host's name`;
}
