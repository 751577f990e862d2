/**
 * Names of hosts in a stranger's conditions. HAProxy takes a pattern that is no address for a name and asks for it while
 * it reads the config (pat_parse_ip(), str2net()); `-n` behind a criterion forbids that, whatever the criterion's type.
 */
import { isIP } from "node:net";
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

/** Where a criterion stands: the second word of an `acl`, and behind each brace of a condition. */
function criteriaIn({ name, args }: ConfigLine): number[] {
  if (name === "acl") return args.length > 1 ? [1] : [];
  const condition = args.findIndex((word) => word === "if" || word === "unless");
  if (condition === -1) return [];
  return args.flatMap((word, at) =>
    at > condition && /^!*\{$/.test(word) && at + 1 < args.length ? [at + 1] : [],
  );
}

/** Patterns that are no addresses, of a criterion whose patterns have to be. */
function namesBehind(args: readonly string[], criterion: number): string[] {
  const end = args.indexOf("}", criterion);
  const behind = args.slice(criterion + 1, end === -1 ? undefined : end);
  const isByAddress = behind.some((word, at) => word === "ip" && behind[at - 1] === "-m");
  if (!isByAddress && !addressCriteria.test(args[criterion] ?? "")) return [];
  if (behind.some((word, at) => behind[at - 1] === "-m" && word !== "ip")) return [];
  const afterFlags = behind.filter(
    (word, at) => !/^-(?:[a-zA-Z]|-)$/.test(word) && !/^-[fMmuS]$/.test(behind[at - 1] ?? ""),
  );
  return afterFlags.filter((word) => !isNetwork(word));
}

/** "10.0.0.1", "10.0.0.0/8", "10.0.0.0/255.0.0.0", "fd00::/8". */
function isNetwork(text: string): boolean {
  const [address = "", mask, ...more] = text.split("/");
  return (
    isIP(address) !== 0 &&
    more.length === 0 &&
    (mask === undefined || /^\d{1,3}$/.test(mask) || isIP(mask) === 4)
  );
}

function nameWords(word: string): string {
  return `\`${word.slice(0, 80)}\` is no address, and HAProxy would look it up as a host's name`;
}
