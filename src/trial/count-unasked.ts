/** Counts what became in a trial of what the backend sends unasked, and what of it went amiss. */
import type { BackendReport } from "../backend/messages.js";
import type { ObservedFailure } from "../load/failure.js";
import { lateSendLagUs } from "./generator-health.js";
import type { LoadResult } from "./merge-reports.js";
import type { UnaskedRecord } from "./unasked-record.js";

/** @returns null where nothing was asked for, or the backend told nothing */
export function unaskedRecordOf(
  { unasked, histograms }: Pick<LoadResult, "unasked" | "histograms">,
  final: BackendReport | null,
): UnaskedRecord | null {
  if (unasked === null || final === null || final.counts === null) return null;
  const { due, sent } = final.counts.pushes;
  const push = {
    due,
    sent,
    delivered: unasked.pushesDelivered,
    lagNsP99: histograms.get("pushLag")?.quantile(0.99) ?? null,
  };
  return { push };
}

/** The backend's share in a trial that measured wsrally itself. */
export function unaskedTroubles(record: UnaskedRecord | null): string[] {
  const lagNs = record?.push?.lagNsP99 ?? 0;
  return lagNs / 1e3 > lateSendLagUs ? ["pushes-late"] : [];
}

/** What did not arrive, as failures. */
export function missingOf(record: UnaskedRecord | null): ObservedFailure[] {
  const push = record?.push ?? null;
  if (push === null || push.delivered >= push.due) return [];
  const count = push.due - push.delivered;
  const example =
    push.sent === push.due
      ? "sent, and not there by the drain's end"
      : `${push.due - push.sent} of them found no open connection that would take one`;
  return [{ kind: "push-missing", code: null, stage: "open", count, example }];
}
