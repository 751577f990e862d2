/**
 * Which directive of the proxy's own config brought a loss about, in the driver's words.
 */
import type { Explanation } from "../../diagnosis/written-config.js";
import type { PreparedArm } from "../prepare-arms.js";
import { isReload, type RolloutEvent } from "./rollout-event.js";
import type { RolloutBill, RolloutRecord } from "./rollout-record.js";

/** Null where nobody was lost or kept for dead, or the config has nothing to say. */
export function explanationOf(
  { proxy }: PreparedArm,
  event: RolloutEvent,
  { lost, lostMs }: RolloutBill,
  deadPeers: RolloutRecord["deadPeers"],
): RolloutRecord["explanation"] {
  if (deadPeers !== null && deadPeers.kept > 0) return worded(proxy.config?.explain({ kind: "dead-kept" }));
  if (lostMs === null || !(isReload(event) || event === "upgrade")) return null;
  const close = lost.byEnding.find(({ closeCode }) => closeCode !== null)?.closeCode ?? null;
  return worded(proxy.config?.explain({ kind: "cut-at-reload", afterS: lostMs.first / 1e3, close }));
}

function worded(explained: Explanation | null | undefined): RolloutRecord["explanation"] {
  return explained == null ? null : { cause: explained.cause, cure: explained.cure };
}
