/**
 * Takes limits on how often a client may come out of the way of whoever comes often by itself.
 */
import { type ConfigTree, lineText, rewriteLines, type Section } from "../language/config-tree.js";
import { scopesOf } from "../language/effective.js";
import { limitsIn } from "../route/client-limit.js";
import type { Adoption } from "./adoption.js";

/** What lets nobody in is no limit, and stays. */
export function liftRates(tree: ConfigTree, adoption: Adoption): Section[] {
  return rewriteLines(tree, (line, section) => {
    const lines = scopesOf(section, tree).flatMap((scope) => scope.lines);
    if (!limitsIn(line, lines).some(({ isRate, value }) => isRate && value > 0)) return [line];
    adoption.note(`\`${lineText(line)}\` was left out: it would count this look`, line.place);
    return [];
  });
}
