/**
 * Whose doing it was that a reply was missing, late, doubled or wrong. wsrally's backend answers every message once and
 * as it came, and counts where it does not: what it did not spoil was spoilt on the way.
 */
import type { BackendCounts } from "../backend/backend-counts.js";
import type { FailureSide } from "../load/failure.js";
import type { Undivided } from "./failure-share.js";
import type { AttributedFailure } from "./trial-record.js";

const replyCauses = {
  ended: "its connection ended first",
  unanswered: "the backend received the message and did not answer",
  lost: "the message or its answer was lost on the way",
  slow: "the backend took long to answer",
  delayed: "the backend answered in time",
  repeated: "the backend answered twice",
  doubled: "the backend answered once",
  kept: "the backend sends whatever is due, or has come",
  altered: "the backend sent it so",
  spoilt: "the backend sent it right",
} as const;

/**
 * Behind a proxy.
 * @param ends the attributed ends of open connections
 */
export function attributeReplies(
  replies: readonly Undivided[],
  backend: BackendCounts,
  ends: readonly AttributedFailure[],
): void {
  const { repeated, altered, slow } = backend.answerFaults;
  const endedCount = replies
    .filter(({ failure }) => failure.stage === "ended")
    .reduce((sum, { left }) => sum + left, 0);
  for (const reply of replies) {
    switch (reply.failure.kind) {
      case "reply-missing":
        if (reply.failure.stage === "ended")
          reply.takeRest({ side: commonSide(ends), cause: replyCauses.ended });
        else shareMissing(reply, backend, endedCount);
        break;
      case "push-missing":
      case "fanout-missing":
        if (ends.length > 0) reply.takeRest({ side: commonSide(ends), cause: replyCauses.ended });
        else reply.takeRest({ side: "proxy", cause: replyCauses.kept });
        break;
      case "reply-late":
        reply.take(slow ?? 0, { side: "backend", cause: replyCauses.slow });
        if (slow !== null) reply.takeRest({ side: "proxy", cause: replyCauses.delayed });
        break;
      case "reply-duplicate":
        reply.take(repeated, { side: "backend", cause: replyCauses.repeated });
        reply.takeRest({ side: "proxy", cause: replyCauses.doubled });
        break;
      case "reply-wrong":
        reply.take(altered, { side: "backend", cause: replyCauses.altered });
        reply.takeRest({ side: "proxy", cause: replyCauses.spoilt });
        break;
    }
    reply.takeRest({ side: "unknown" });
  }
}

/** Messages that the backend has and did not answer are its own, except that some may lie on connections that ended. */
function shareMissing(
  reply: Undivided,
  { messagesReceived, messagesSent, answerFaults }: BackendCounts,
  endedCount: number,
): void {
  const unanswered = Math.max(0, messagesReceived - (messagesSent - answerFaults.repeated));
  const surelyBackend = unanswered - endedCount;
  const surelyProxy = reply.left - unanswered;
  reply.take(surelyBackend, { side: "backend", cause: replyCauses.unanswered });
  reply.take(surelyProxy, { side: "proxy", cause: replyCauses.lost });
}

/** The side that all have in common, if there is one. */
function commonSide(failures: readonly Pick<AttributedFailure, "side">[]): FailureSide {
  const sides = new Set(failures.map(({ side }) => side));
  const [side] = sides;
  return sides.size === 1 && side !== undefined ? side : "unknown";
}
