/**
 * Files that rules name: maps, lists of ACLs, pages of errors. Each becomes a copy in the private folder.
 */
import {
  type ConfigLine,
  type ConfigTree,
  rewriteLines,
  type Section,
  withArgs,
} from "../language/config-tree.js";
import { addressFilesIn, withoutNames } from "./adopt-names.js";
import type { Adoption } from "./adoption.js";

/** Words that a file stands behind, by the keyword of the line; empty for any line. */
const before = /^(?:-f|file|lf-file|errorfile)$/;
const inMap = /(\b(?:map\w*|set-map|del-map|add-acl|del-acl)\()([^),]+)/g;

export function adoptFiles(tree: ConfigTree, adoption: Adoption): Section[] {
  return rewriteLines(tree, (line) => {
    if (line.name === "ssl-dh-param-file" || line.name === "h1-case-adjust-file")
      return [copied(line, [0], adoption)];
    if (line.name === "errorfile") return errorFile(line, adoption);
    const at = line.args.flatMap((_, index) => (before.test(line.args[index - 1] ?? "") ? [index] : []));
    const maps = line.args.some((word) => /\b(?:map\w*|set-map|del-map|add-acl|del-acl)\(/.test(word));
    return at.length === 0 && !maps ? [line] : [copied(line, at, adoption)];
  });
}

/** A page of errors is no reason to refuse a config for: HAProxy has its own. */
function errorFile(line: ConfigLine, adoption: Adoption): ConfigLine[] {
  const [, path = ""] = line.args;
  const adopted = adoption.isInReach(path) ? copied(line, [1], adoption) : line;
  if (adopted !== line || path === "/dev/null") return [adopted];
  adoption.note("An errorfile was left out: it cannot be read", line.place);
  return [];
}

function copied(line: ConfigLine, at: readonly number[], adoption: Adoption): ConfigLine {
  const copy = (path: string, edit?: (text: string) => string): string =>
    adoption.copy(path, `${line.name} ${path}`, line.place, edit);
  // A stranger's names are refused, by HAProxy too.
  const addresses = adoption.confinedTo === null ? addressFilesIn(line) : [];
  const args = line.args.map((word, index) =>
    at.includes(index)
      ? copy(word, addresses.includes(index) ? withoutNames : undefined)
      : word.replace(inMap, (_, call: string, path: string) => `${call}${copy(path)}`),
  );
  return args.every((word, index) => word === line.args[index]) ? line : withArgs(line, args);
}
