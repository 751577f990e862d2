/**
 * A config whose times are made short enough to be waited for.
 */
import type { Variant } from "../../variant.js";
import {
  type ConfigLine,
  type ConfigTree,
  isProxy,
  line,
  type Section,
  startsWith,
} from "../language/config-tree.js";
import { modeOf } from "../language/effective.js";

export function varyConfig(tree: ConfigTree, variant: Variant): Section[] {
  const time = `${Math.round(variant.seconds * 1000)}ms`;
  if (variant.kind === "shutdown")
    return replaced(
      tree,
      ({ kind }) => kind === "global",
      ["hard-stop-after"],
      line("hard-stop-after", time),
    );
  return shortTunnels(tree, time);
}

/** The tunnel's own time, which is the one that counts after the upgrade, and that of both sides in `mode tcp`. */
function shortTunnels(tree: ConfigTree, time: string): Section[] {
  const tunnels = replaced(
    tree,
    (section) => section.kind === "backend" || section.kind === "listen",
    ["timeout", "tunnel"],
    line("timeout", "tunnel", time),
  );
  return tunnels.map((section) => ({
    ...section,
    lines: section.lines.filter(
      (one) => !isProxy(section) || !isHidden(one) || modeOf(section, tunnels).mode !== "http",
    ),
  }));
}

/** A normal end is not logged in a measurement; one by a time-out is, and this makes sure of it. */
function isHidden(one: ConfigLine): boolean {
  return startsWith(one, ["option", "dontlog-normal"]);
}

function replaced(
  tree: ConfigTree,
  where: (section: Section) => boolean,
  words: readonly string[],
  own: ConfigLine,
): Section[] {
  return tree.map((section) =>
    where(section)
      ? { ...section, lines: [...section.lines.filter((one) => !startsWith(one, words)), own] }
      : section,
  );
}
