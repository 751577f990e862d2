/** Counts what became in a trial of what the backend sends unasked, and what of it went amiss. */
import type { PushCounts } from "../backend/push-order.js";
import type { FailureKind, ObservedFailure } from "../load/failure.js";
import type { Unasked } from "../scenario/unasked.js";
import { lateSendLagUs } from "./generator-health.js";
import type { LoadResult } from "./merge-reports.js";
import type { CostReadings } from "./proxy-cost.js";
import type { UnaskedRecord } from "./unasked-record.js";

/**
 * @param pushes what the backend counted; null where it told nothing
 * @returns null where nothing was asked for, or the backend told nothing
 */
export function unaskedRecordOf(
  { push, fanout }: Unasked,
  { unasked, histograms }: Pick<LoadResult, "unasked" | "histograms">,
  pushes: PushCounts | null,
): UnaskedRecord | null {
  if (unasked === null || pushes === null) return null;
  const lagNsP99 = histograms.get("pushLag")?.quantile(0.99) ?? null;
  const { castsDue, castsSent, deliveriesExpected, deliveriesCame, pushesDelivered } = unasked;
  return {
    push: push === null ? null : { ...pushes, delivered: pushesDelivered, lagNsP99 },
    fanout:
      fanout === null
        ? null
        : { due: castsDue, sent: castsSent, expected: deliveriesExpected, delivered: deliveriesCame },
  };
}

/** The backend's share in a trial that measured wsrally itself. */
export function unaskedTroubles(record: UnaskedRecord | null): string[] {
  const lagNs = record?.push?.lagNsP99 ?? 0;
  return lagNs / 1e3 > lateSendLagUs ? ["pushes-late"] : [];
}

/** What did not arrive, as failures. */
export function missingOf(record: UnaskedRecord | null): ObservedFailure[] {
  const { push = null, fanout = null } = record ?? {};
  const missing = (kind: FailureKind, count: number, example: string): ObservedFailure[] =>
    count <= 0 ? [] : [{ kind, code: null, stage: "open", count, example }];
  const unsent = push === null ? 0 : push.due - push.sent;
  return [
    ...missing(
      "push-missing",
      push === null ? 0 : push.due - push.delivered,
      unsent === 0
        ? "sent, and not there by the drain's end"
        : `${unsent} of them found no open connection that would take one`,
    ),
    ...missing(
      "fanout-missing",
      fanout === null ? 0 : fanout.expected - fanout.delivered,
      "sent to a room, and not there at a member by the drain's end",
    ),
  ];
}

export type Relayed = Pick<CostReadings, "messages" | "rooms">;

/**
 * What a proxy relayed in so many windows: a round trip is two messages to it, a push one, a message to a room one and one
 * for each delivery.
 */
export function relayedOf(
  { counts, unasked }: Pick<LoadResult, "counts" | "unasked">,
  windows: number,
): Relayed {
  const { pushesDelivered = 0, deliveriesCame = 0, castsSent = 0 } = unasked ?? {};
  const forRooms = castsSent + deliveriesCame;
  const all = 2 * counts.repliesInWindow + pushesDelivered + forRooms;
  return {
    messages: (counts.repliesInWindow + pushesDelivered + deliveriesCame) * windows,
    rooms: { casts: castsSent * windows, share: all === 0 ? 0 : forRooms / all },
  };
}
