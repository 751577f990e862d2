/**
 * Which directive of the proxy's own config brought a loss about, in the driver's words.
 */
import type { PreparedArm } from "../prepare-arms.js";
import { isReload, type RolloutEvent } from "./rollout-event.js";
import type { RolloutBill, RolloutRecord } from "./rollout-record.js";

/** Null where nobody was lost, or the config has nothing to say. */
export function explanationOf(
  { proxy }: PreparedArm,
  event: RolloutEvent,
  { lost, lostMs }: RolloutBill,
): RolloutRecord["explanation"] {
  if (lostMs === null || !(isReload(event) || event === "upgrade")) return null;
  const close = lost.byEnding.find(({ closeCode }) => closeCode !== null)?.closeCode ?? null;
  const explained =
    proxy.config?.explain({ kind: "cut-at-reload", afterS: lostMs.first / 1e3, close }) ?? null;
  return explained === null ? null : { cause: explained.cause, cure: explained.cure };
}
