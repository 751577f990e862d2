/** How a workload goes over its connections and over time. */
import { type Churn, readChurn, requireLives } from "./churn.js";
import type { ConnectionClass } from "./mix-schema.js";
import type { Stage } from "./stages-schema.js";
import { readThink } from "./think.js";
import type { TimeSpread } from "./time-spread.js";

export interface Shape {
  /** Null: all connections send alike. */
  readonly mix: readonly ConnectionClass[] | null;
  /** Null: rate and connections stay the same. */
  readonly stages: readonly Stage[] | null;
  /** Null: in a closed loop the next message follows the reply at once. */
  readonly think: TimeSpread | null;
  /** Null: connections last as long as the load. */
  readonly churn: Churn | null;
}

interface Given {
  readonly mix?: readonly ConnectionClass[] | undefined;
  readonly stages?: readonly Stage[] | undefined;
  readonly think?: string | undefined;
  readonly churn?: string | undefined;
}

/** @throws UsageError where connections would come and go too fast */
export function shapeOf({ mix, stages, think, churn: churnText }: Given, connections: number): Shape {
  const churn = churnText === undefined ? null : readChurn(churnText);
  return {
    mix: mix ?? null,
    stages: stages ?? null,
    think: think === undefined ? null : readThink(think),
    churn: churn === null ? null : requireLives(churn, connections),
  };
}
