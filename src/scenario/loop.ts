/** How a workload's messages are timed. */
import { type ConnectionClass, rateOfMix } from "./mix-schema.js";
import { readHar } from "./replay/read-har.js";
import { rateOfTraffic } from "./replay/session.js";
import { meanOf } from "./stages.js";
import { rateLegsOf, type Stage } from "./stages-schema.js";
import { quietPerS } from "./unasked.js";

export type Loop =
  /** By schedule, whatever the replies do. */
  | { readonly kind: "open"; readonly ratePerS: number }
  /** The next message when the reply is there. */
  | { readonly kind: "closed" }
  /** Open, at a share of what the baseline carries in a closed loop; measured before the first block. */
  | { readonly kind: "paced"; readonly share: number };

/** Share of the baseline's saturated rate that a paced load runs at, at most (docs/statistics.md, Trial plan). */
const pacedShare = 0.3;

export const usualConnections = 1000;

interface Given {
  readonly connections?: number | undefined;
  readonly rate?: number | undefined;
  readonly closed?: boolean | undefined;
  readonly mix?: readonly ConnectionClass[] | undefined;
  readonly stages?: readonly Stage[] | undefined;
  readonly replay?: string | undefined;
  readonly push?: object | undefined;
  readonly fanout?: object | undefined;
}

export function resolveLoop({
  connections = usualConnections,
  rate,
  closed,
  mix,
  stages,
  replay,
  ...unasked
}: Given): Loop {
  if (rate !== undefined) return { kind: "open", ratePerS: rate };
  if (replay !== undefined) return { kind: "open", ratePerS: rateOfTraffic(readHar(replay), connections) };
  if (mix !== undefined) return { kind: "open", ratePerS: rateOfMix(mix, connections) };
  const legs = rateLegsOf(stages ?? []);
  if (legs !== null) return { kind: "open", ratePerS: meanOf(legs) };
  if (closed) return { kind: "closed" };
  if (unasked.push !== undefined || unasked.fanout !== undefined)
    return { kind: "open", ratePerS: quietPerS };
  return { kind: "paced", share: pacedShare };
}
