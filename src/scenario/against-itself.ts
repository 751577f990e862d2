/**
 * A/A: a scenario's baseline arm against itself, which shows what the machine shows where there is nothing to show.
 */
import type { PlannedArm, Scenario } from "./scenario.js";

/** @returns the scenario of two equal arms, `NAME` and `NAME-again`, with the metrics, margins and time of the one given */
export function againstItself(scenario: Scenario): Scenario {
  const name = scenario.pairs[0]?.baseline ?? scenario.arms[0]?.name;
  const arm = scenario.arms.find((one) => one.name === name);
  if (arm === undefined) throw new RangeError(`Scenario ${scenario.name} must have an arm`);
  const again: PlannedArm = { ...arm, name: `${arm.name}-again` };
  return {
    ...scenario,
    name: `${scenario.name}-aa`,
    description: `What is the smallest difference that this machine can show? ${arm.name} against itself.`,
    arms: [
      { ...arm, cell: {} },
      { ...again, cell: {} },
    ],
    axes: [],
    comparedAxis: null,
    pairs: [{ baseline: arm.name, candidate: again.name }],
    rounds: [[arm.name, again.name]],
    aa: { arm: arm.name, again: again.name },
    // One arm alone runs a few blocks; two that are compared run as many as the verdict needs.
    blocks: arm.workload.blocks,
  };
}
