/** How a soak ended: what is known of the whole of it, when it is over or was stopped. */
import type { ObservedFailure } from "../../load/failure.js";
import type { LiveFigures } from "../../load/live-figures.js";
import type { ThreadCounts } from "../../load/thread-counts.js";
import type { UnaskedCounts } from "../../load/unasked/unasked-order.js";
import { plainDiary } from "../../proxy/proxy-diary.js";
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import { attributeFailures } from "../attribute-failures.js";
import type { Misplaced } from "../check-placement.js";
import { missingOf, unaskedRecordOf } from "../count-unasked.js";
import { peerOf } from "../peer-of.js";
import type { PreparedArm } from "../prepare-arms.js";
import { quietDiary } from "../quiet-diary.js";
import type { SoakEnding } from "./soak-window.js";

interface SoFar {
  readonly misplaced: readonly Misplaced[];
  readonly failures: readonly ObservedFailure[];
  readonly opened: number;
  /** These two null when the load did not end by itself: what was under way then is not lost. */
  readonly counts: ThreadCounts | null;
  readonly unasked: UnaskedCounts | null;
  readonly live: LiveFigures;
}

export async function endingOf(arm: PreparedArm, proxy: SeenProxy, soFar: SoFar): Promise<SoakEnding> {
  const { failures, opened, counts, live, misplaced } = soFar;
  const backend = await arm.backend?.report().catch(() => null);
  const seen = backend?.counts ?? null;
  const diary = await quietDiary(arm, proxy).catch(() => plainDiary([]));
  // How late the backend was is in the windows.
  const unasked = unaskedRecordOf(
    arm.plan.workload,
    { unasked: soFar.unasked, histograms: new Map() },
    seen?.pushes ?? null,
  );
  return {
    failures: attributeFailures([...failures, ...missingOf(unasked)], {
      peer: peerOf(arm),
      backend: seen,
      opened,
      diary,
    }),
    unasked,
    proxyLog: diary.lines,
    misplaced: misplaced.map(({ words }) => words),
    accounting: {
      clientSent: counts?.totalSent ?? live.sent,
      clientReceived: counts?.totalReceived ?? live.received,
      backendReceived: seen?.messagesReceived ?? null,
      backendSent: seen?.messagesSent ?? null,
      connectionsOpened: live.opened,
      connectionsFailed: live.failed,
    },
  };
}
