/**
 * Leaves out by what a config chooses processors and priority for itself, where the run chooses them: an nginx that pins
 * itself onto the generator's processor is measured at less than half of what it carries (20,000 round trips a second in
 * place of 46,000), and two configs that differ in it are no longer compared on one machine.
 */

import type { Directive } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";

/** With what the run does in its place. */
const own: Readonly<Record<string, string>> = {
  worker_cpu_affinity: "the run gives the proxy its processors",
  worker_priority: "the run gives the proxy its priority",
};

export function adoptPlacement(tree: readonly Directive[], { note }: Adoption): readonly Directive[] {
  return tree.filter(({ name, args, origin }) => {
    const instead = own[name];
    if (instead === undefined) return true;
    note(
      `${[name, ...args].join(" ")} was left out: ${instead}, and \`cpus: none\` in a scenario keeps it`,
      origin,
    );
    return false;
  });
}

/** The first of the directives that choose these, of a config that is made of settings; null for none. */
export function placingDirective(names: Iterable<string>): string | null {
  return [...names].find((name) => name in own) ?? null;
}
