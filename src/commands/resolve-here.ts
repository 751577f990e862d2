/** A scenario as run on this machine. */
import { type ResolveOptions, resolveScenario } from "../scenario/resolve-scenario.js";
import type { ParsedScenario, Scenario } from "../scenario/scenario.js";
import { hasStamps } from "../trial/choose-engine.js";

/** @throws UsageError naming every fault, one a line */
export function resolveHere(input: ParsedScenario, options: Omit<ResolveOptions, "hasStamps">): Scenario {
  return resolveScenario(input, { ...options, hasStamps });
}
