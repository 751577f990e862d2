/**
 * Puts each failure down to a side, from what the client saw, what the backend counted and whether the proxy lives.
 */
import { assertNever } from "../base/assert-never.js";
import type { FailureKind, FailureSide, ObservedFailure } from "../load/failure.js";
import type { AttributedFailure } from "./trial-record.js";

export interface Circumstances {
  /** What the client talks to. */
  readonly peer: "proxy" | "backend" | "unknown";
  /** Whether the backend answered every message it received; null for a foreign backend. */
  readonly backendAnsweredAll: boolean | null;
  /** Whether the backend received every message the client sent; null for a foreign backend. */
  readonly backendReceivedAll: boolean | null;
}

export function attributeFailures(
  failures: readonly ObservedFailure[],
  circumstances: Circumstances,
): AttributedFailure[] {
  return failures.map(({ kind, count, example }) => ({
    kind,
    side: sideOf(kind, circumstances),
    count,
    example,
  }));
}

function sideOf(
  kind: FailureKind,
  { peer, backendAnsweredAll, backendReceivedAll }: Circumstances,
): FailureSide {
  switch (kind) {
    case "no-descriptors":
    case "no-ports":
      // As the client's own sockets met them; the proxy's show in its log.
      return "client";
    case "proxy-exited":
      return "proxy";
    case "refused":
    case "tls":
    case "upgrade-invalid":
    case "protocol":
      return peer;
    case "upgrade-status":
    case "upgrade-timeout":
    case "reset":
    case "eof":
    case "closed":
      // Behind a proxy, the backend may have ended or answered it as well.
      return peer === "backend" ? "backend" : "unknown";
    case "reply-missing":
      if (peer === "backend") return "backend";
      if (backendReceivedAll === false) return "proxy";
      if (backendAnsweredAll === false) return "backend";
      return backendAnsweredAll === null ? "unknown" : "proxy";
    case "reply-late":
    case "reply-duplicate":
    case "reply-wrong":
      return peer === "backend" ? "backend" : "unknown";
    default:
      return assertNever(kind);
  }
}
