/**
 * Steps for the cost model: the same rate with messages of several sizes, and several numbers of connections with
 * hardly a message. Each is run more than once, in an order drawn anew.
 */
import { createPrng, shuffled } from "../../base/prng.js";
import type { Workload } from "../../scenario/workload.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { CapacityWork } from "./capacity-work.js";
import type { ArmEdge } from "./find-rates.js";
import type { StepSettings } from "./step-runner.js";

/** Far enough from the edge for the greatest message too: what a message costs is compared at one rate. */
const rateShare = 0.2;
const payloads = [64, 1024, 4096, 16_384];
const connectionShares = [0.25, 0.5, 0.75, 1];
const repeats = 3;
const windowS = 1;

export async function measureCosts(
  { settings, arms, run, hasTime }: CapacityWork,
  edges: ReadonlyMap<string, ArmEdge>,
): Promise<void> {
  const prng = createPrng(settings.seed + 1);
  const turns = arms.flatMap(({ arm }) => {
    const edge = edges.get(arm.plan.name);
    if (edge === undefined || !arm.hasProxy) return [];
    return costSteps(arm, edge.edgePerS ?? edge.closedLoopPerS).map((step) => ({ arm, step }));
  });
  for (const { arm, step } of shuffled(turns, prng)) {
    if (!hasTime()) return;
    await run(arm, step);
  }
}

function costSteps({ plan }: PreparedArm, edgePerS: number): StepSettings[] {
  const { connections, message } = plan.workload;
  const binary = message.kind === "payload" && message.binary;
  const ratePerS = Math.max(1, edgePerS * rateShare);
  // A message of the user's own has the size that it has.
  const sizes = message.kind === "own" ? [] : payloads;
  const bySize = sizes.map(
    (bytes): StepSettings => ({
      kind: "payload",
      load: { ratePerS, warmupS: 0.25, durationS: windowS },
      changes: { message: { kind: "payload", bytes, binary } satisfies Workload["message"] },
    }),
  );
  const byConnections = connectionShares.map((share): StepSettings => {
    const some = Math.max(1, Math.round(connections * share));
    return {
      kind: "memory",
      load: { ratePerS: Math.min(some, ratePerS), warmupS: 0, durationS: windowS },
      changes: { connections: some },
    };
  });
  return Array.from({ length: repeats }, () => [...bySize, ...byConnections]).flat();
}
