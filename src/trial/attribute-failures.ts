/**
 * Puts each failure down to a side, from what the client saw, what the backend counted and what the proxy's log says.
 * One entry becomes several where sides or causes differ. The rules are told in docs/failures.md.
 */
import type { BackendCounts } from "../backend/backend-counts.js";
import type { FailureKind, ObservedFailure } from "../load/failure.js";
import type { ProxyDiary } from "../proxy/proxy-diary.js";
import { attributeEndings, endingCauses } from "./attribute-endings.js";
import { attributeOpenings } from "./attribute-openings.js";
import { attributeReplies } from "./attribute-replies.js";
import { Undivided } from "./failure-share.js";
import { LogEvidence } from "./log-evidence.js";
import type { AttributedFailure } from "./trial-record.js";

export interface Circumstances {
  /** What the client talks to. */
  readonly peer: "proxy" | "backend" | "unknown";
  /** What the backend saw in the whole trial; null for a foreign one. */
  readonly backend: BackendCounts | null;
  /** Connections that the client has opened. */
  readonly opened: number;
  readonly diary: ProxyDiary;
}

const endKinds: readonly FailureKind[] = ["eof", "reset", "closed", "stream-reset"];

/** Every count is handed back, each in entries of one kind, side and cause; the most frequent first. */
export function attributeFailures(
  failures: readonly ObservedFailure[],
  circumstances: Circumstances,
): AttributedFailure[] {
  return divideFailures(failures, circumstances)
    .flatMap(({ shares }) => shares)
    .sort((a, b) => b.count - a.count);
}

/** The same by what the client saw: nothing is left of any. */
export function divideFailures(
  failures: readonly ObservedFailure[],
  circumstances: Circumstances,
): readonly Undivided[] {
  const all = failures.map((failure) => new Undivided(failure));
  const log = new LogEvidence(circumstances.diary);
  for (const one of all) takeCertain(one, log);
  const { peer, backend, opened } = circumstances;
  if (peer === "proxy" && backend !== null) {
    const isEnd = ({ failure }: Undivided): boolean =>
      failure.stage === "open" && endKinds.includes(failure.kind);
    const ends = all.filter(isEnd);
    attributeOpenings(
      all.filter(({ failure }) => failure.stage === "opening"),
      backend,
      log,
      opened,
    );
    attributeEndings(ends, backend, log);
    attributeReplies(
      all.filter(({ failure }) => /^reply-|-missing$/.test(failure.kind)),
      backend,
      ends.flatMap(({ shares }) => shares),
    );
  }
  for (const one of all) takeRest(one, circumstances);
  return all;
}

/** What needs no second witness. */
function takeCertain(one: Undivided, log: LogEvidence): void {
  const { kind } = one.failure;
  // As the client's own sockets met them; the proxy's show in its log.
  if (kind === "no-descriptors" || kind === "no-ports") one.takeRest({ side: "client" });
  if (kind === "proxy-exited") one.takeRest({ side: "proxy", logMessage: log.messageOf("process-died") });
}

/** The peer's own doing, except that the backend may have had to refuse what the client sent. */
function takeRest(one: Undivided, { peer, backend }: Circumstances): void {
  const { kind, code } = one.failure;
  if (peer === "backend" && kind === "closed" && code !== null && backend !== null) {
    one.take(backend.endings.faultClose[code] ?? 0, {
      side: "client",
      cause: endingCauses.spoilt,
    });
  }
  one.takeRest({ side: peer });
}
