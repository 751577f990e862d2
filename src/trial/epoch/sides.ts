/**
 * What arms that run side by side have of their own: a generator and a backend each, drawn anew every time, so that none
 * is one arm's for the whole run.
 */
import type { GeneratorPool } from "../../load/generator-pool.js";
import type { PlannedArm } from "../../scenario/scenario.js";
import type { PreparedArm } from "../prepare-arms.js";

export interface Sides {
  /** One for each that runs side by side. */
  readonly pools: readonly GeneratorPool[];
  /** The arm as it is prepared for the backend of that number. */
  behind(arm: PreparedArm, backend: number): PreparedArm;
}

/** @param shifted the arms, prepared once for each backend: in preparation g arm i has backend i + g, in turn */
export function sidesOf(
  plans: readonly PlannedArm[],
  shifted: readonly (readonly PreparedArm[])[],
  pools: readonly GeneratorPool[],
): Sides {
  const count = shifted.length;
  return {
    pools,
    behind(arm, backend) {
      const index = plans.indexOf(arm.plan);
      return shifted[(backend - (index % count) + count) % count]?.[index] ?? arm;
    },
  };
}
