/**
 * Patterns of conditions that HAProxy takes for addresses. What is none it takes for a host's name, and asks for it while it
 * reads the config (pat_parse_ip(), str2net()).
 */
import { isIP } from "node:net";
import type { ConfigLine } from "./config-tree.js";

/** Where a criterion stands: the second word of an `acl`, and behind each brace of a condition. */
export function criteriaIn({ name, args }: ConfigLine): number[] {
  if (name === "acl") return args.length > 1 ? [1] : [];
  const condition = args.findIndex((word) => word === "if" || word === "unless");
  if (condition === -1) return [];
  return args.flatMap((word, at) =>
    at > condition && /^!*\{$/.test(word) && at + 1 < args.length ? [at + 1] : [],
  );
}

interface Patterns {
  /** How they are matched; null for as the criterion's type has it. */
  readonly method: string | null;
  /** Where patterns stand, and where files of them are named. */
  readonly at: readonly number[];
  readonly filesAt: readonly number[];
}

/** What stands behind a criterion, to the end of its condition. */
export function patternsBehind(args: readonly string[], criterion: number): Patterns {
  const brace = args.indexOf("}", criterion);
  const end = brace === -1 ? args.length : brace;
  const at = args.map((_, index) => index).slice(criterion + 1, end);
  const isBehind = (index: number, flags: RegExp): boolean =>
    index > criterion + 1 && flags.test(args[index - 1] ?? "");
  const methodAt = at.findLast((index) => isBehind(index, /^-m$/));
  return {
    method: methodAt === undefined ? null : (args[methodAt] ?? null),
    at: at.filter((index) => !/^-(?:[a-zA-Z]|-)$/.test(args[index] ?? "") && !isBehind(index, /^-[fMmuS]$/)),
    filesAt: at.filter((index) => isBehind(index, /^-f$/)),
  };
}

/** "10.0.0.1", "10.0.0.0/8", "10.0.0.0/255.0.0.0", "fd00::/8". */
export function isNetwork(text: string): boolean {
  const [address = "", mask, ...more] = text.split("/");
  return (
    isIP(address) !== 0 &&
    more.length === 0 &&
    (mask === undefined || /^\d{1,3}$/.test(mask) || isIP(mask) === 4)
  );
}
