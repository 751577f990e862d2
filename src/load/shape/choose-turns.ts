/**
 * Whose turn it is in a job's open loop: chosen once for a load, so that none pays for what another wants.
 */
import { createPacer, type Pacer } from "../../base/pacer.js";
import { createPrng } from "../../base/prng.js";
import type { StartOrder, ThreadJob } from "../messages.js";
import { OpenConnections } from "../open-connections.js";
import { createMixedTurns, MixedConnections } from "./mix.js";
import { createStagedPacer } from "./staged-pacer.js";
import type { Turns } from "./turns.js";

/** What `createTurns` goes round. */
export function createOpenConnections({ connections, shape }: Pick<ThreadJob, "connections" | "shape">) {
  return shape.mix === null ? new OpenConnections(connections) : new MixedConnections(shape.mix);
}

/** What of a thread's order says when messages fall due. */
export type TurnOrder = Pick<StartOrder, "startNs" | "measureNs" | "arrivals" | "phase"> & {
  readonly ratePerS: number;
};

export function createTurns(
  order: TurnOrder,
  { shape, seed }: Pick<ThreadJob, "shape" | "seed">,
  open: OpenConnections,
): Turns {
  if (shape.mix !== null && open instanceof MixedConnections)
    return createMixedTurns(shape.mix, open, order, seed);
  const pacer = shape.rateLegs === null ? createPacer(order, seed) : stagedPacer(order, shape.rateLegs, seed);
  return { nextNs: () => pacer.nextNs(), nextConnection: () => open.next() };
}

function stagedPacer(
  order: TurnOrder,
  { legs, ratePerS, fromStart }: NonNullable<ThreadJob["shape"]["rateLegs"]>,
  seed: number,
): Pacer {
  const share = order.ratePerS / ratePerS;
  const first = legs[0]?.from ?? 0;
  const warmup = { forS: (order.measureNs - order.startNs) / 1e9, from: first, to: first };
  const own = (fromStart ? legs : [warmup, ...legs]).map(({ forS, from, to }) => ({
    forS,
    from: from * share,
    to: to * share,
  }));
  return createStagedPacer(own, order.phase, order.arrivals === "poisson" ? createPrng(seed) : null);
}
