/**
 * How connections that were open have ended, those alike together, the most frequent first.
 */
import type { FailureKind } from "../../load/failure.js";
import type { Undivided } from "../failure-share.js";
import type { LostAlike } from "./rollout-record.js";

const endKinds: readonly FailureKind[] = [
  "eof",
  "reset",
  "closed",
  "protocol",
  "tls",
  "stream-reset",
  "goaway",
];

export function endingsByKind(failures: readonly Undivided[]): LostAlike[] {
  return failures
    .filter(({ failure }) => failure.stage === "open" && endKinds.includes(failure.kind))
    .flatMap(({ failure, shares }) =>
      shares.map(({ kind, side, count, cause }) => ({
        kind,
        side,
        closeCode: failure.kind === "closed" ? failure.code : null,
        count,
        cause,
      })),
    )
    .sort((a, b) => b.count - a.count);
}
