/** A scenario as run, with its config files named as they are written. */
import { withParsedArms } from "#wsrally/scenario/parse-arms.js";
import { type ResolveOptions, resolveScenario } from "#wsrally/scenario/resolve-scenario.js";
import type { Scenario, ScenarioInput } from "#wsrally/scenario/scenario.js";

export function resolveAsWritten(input: ScenarioInput, options: ResolveOptions): Scenario {
  return resolveScenario(
    withParsedArms(input, (file) => file),
    options,
  );
}
