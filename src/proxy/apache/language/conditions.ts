/**
 * Conditions that Apache looks at while it reads a config: IfModule, IfDefine, IfVersion and their like.
 */
import { compareVersions } from "../../program/program-spec.js";
import { modulesOf } from "./directive-modules.js";
import { moduleName } from "./modules.js";

/** What is so where a condition stands. */
export interface Circumstances {
  readonly defines: ReadonlyMap<string, string>;
  hasModule(name: string): boolean;
  hasFile(path: string): boolean;
  readonly version: string;
}

/** The sections that stand for what they hold, or for nothing. */
export const conditionKeys: ReadonlySet<string> = new Set([
  "ifmodule",
  "ifdefine",
  "ifversion",
  "iffile",
  "ifdirective",
  "ifsection",
]);

export function holds(key: string, args: readonly string[], now: Circumstances): boolean {
  if (key === "ifversion") return holdsVersion(args, now.version);
  const word = args.join(" ");
  const isNegated = word.startsWith("!");
  return isThere(key, isNegated ? word.slice(1) : word, now) !== isNegated;
}

function isThere(key: string, word: string, { defines, hasModule, hasFile }: Circumstances): boolean {
  switch (key) {
    case "ifmodule":
      return hasModule(moduleName(word) ?? word);
    case "ifdefine":
      return defines.has(word);
    case "iffile":
      return hasFile(word);
    default:
      return modulesOf(word.replace(/^</, "").toLowerCase()).some(
        (module) => module === "core" || module === "mpm" || hasModule(module),
      );
  }
}

/** `>= 2.4.47`, `2.4`, `= /^2\.4/`, `~ ^2.4`. */
function holdsVersion(args: readonly string[], version: string): boolean {
  const [first = "", second] = args;
  const [sign, wanted] = second === undefined ? ["=", first] : [first, second];
  const isNegated = sign.startsWith("!");
  const operator = sign.replace(/^!/, "");
  const pattern = operator === "~" ? wanted : /^\/(.*)\/$/.exec(wanted)?.[1];
  const order = compareVersions(version, wanted);
  const found =
    pattern !== undefined
      ? matchesVersion(pattern, version)
      : operator === ">"
        ? order > 0
        : operator === "<"
          ? order < 0
          : operator === ">="
            ? order >= 0
            : operator === "<="
              ? order <= 0
              : version === wanted || version.startsWith(`${wanted}.`);
  return found !== isNegated;
}

/** Of digits and dots alone, so that nothing of a pattern takes long. */
function matchesVersion(pattern: string, version: string): boolean {
  const plain = /^\^?([\d.\\]*)(\$?)$/.exec(pattern);
  if (plain === null) return false;
  const wanted = (plain[1] ?? "").replaceAll("\\", "");
  return plain[2] === "$" ? version === wanted : version.startsWith(wanted);
}
