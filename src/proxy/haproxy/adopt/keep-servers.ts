/**
 * The config's own servers, left where they are: only the files that they name are copies.
 */
import { type ConfigTree, isBackend, rewriteLines, type Section, withArgs } from "../language/config-tree.js";
import type { Adoption } from "./adoption.js";

const namesFile = /^(?:ca-file|crl-file|crt)$/;

export function keepServers(tree: ConfigTree, adoption: Adoption): Section[] {
  return rewriteLines(tree, (line, section) => {
    const isServer = /^(?:server|server-template|default-server)$/.test(line.name);
    if (!isServer || !(isBackend(section) || section.kind === "defaults")) return [line];
    const args = line.args.map((word, at) =>
      namesFile.test(line.args[at - 1] ?? "") && !word.startsWith("@")
        ? adoption.copy(word, `${line.name} ${line.args[at - 1]} ${word}`, line.place)
        : word,
    );
    return args.every((word, at) => word === line.args[at]) ? [line] : [withArgs(line, args)];
  });
}
