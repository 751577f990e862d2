/**
 * Whose doing it was that a connection did not open: what the backend answered itself is its own, what never reached it
 * or never came back from it is the proxy's.
 */
import type { BackendCounts, CountsByCode } from "../backend/backend-counts.js";
import type { LogCause } from "../diagnosis/log-cause.js";
import type { FailureKind, FailureSide } from "../load/failure.js";
import type { Undivided } from "./failure-share.js";
import type { LogEvidence } from "./log-evidence.js";

const openingCauses = {
  answered: "the backend answered so itself",
  noUpgrade: "the request reached the backend without Upgrade",
  noDescriptors: "the backend ran out of file descriptors",
  notReached: "the backend saw no such request",
  notReturned: "the backend's answer was not passed on",
} as const;

/** By which a proxy may tell that its backend gave no answer. */
const unansweredKinds: ReadonlySet<FailureKind> = new Set([
  "upgrade-status",
  "upgrade-timeout",
  "eof",
  "reset",
  "stream-reset",
]);

/** Failures of stage "opening", behind a proxy. @param opened connections that the client has opened */
export function attributeOpenings(
  openings: readonly Undivided[],
  backend: BackendCounts,
  log: LogEvidence,
  opened: number,
): void {
  const refusals = { ...backend.refusals };
  const pages = { ...backend.pages };
  for (const opening of openings) {
    if (opening.failure.kind === "upgrade-status") {
      const code = opening.failure.code ?? 0;
      takeByCode(opening, refusals, code, { side: "backend", cause: openingCauses.answered });
      takeByCode(opening, pages, code, { side: "proxy", cause: openingCauses.noUpgrade });
    }
    log.explain(opening, (cause) => sideOfCause(cause, backend));
  }
  const acceptsFailed = (backend.acceptFailures ?? 0) > 0;
  let unreturned = Math.max(0, backend.upgrades - opened);
  for (const opening of openings) {
    const { kind } = opening.failure;
    if (kind === "upgrade-timeout" && acceptsFailed) {
      opening.takeRest({ side: "backend", cause: openingCauses.noDescriptors });
    }
    // Refused by the proxy's own port, or spoilt by the proxy itself: neither says anything of the backend.
    if (unansweredKinds.has(kind)) {
      unreturned -= opening.take(unreturned, { side: "proxy", cause: openingCauses.notReturned });
      opening.takeRest({ side: "proxy", cause: openingCauses.notReached });
    }
    opening.takeRest({ side: "proxy" });
  }
}

function takeByCode(
  opening: Undivided,
  counts: Record<number, number> & CountsByCode,
  code: number,
  share: { readonly side: FailureSide; readonly cause: string },
): void {
  const taken = opening.take(counts[code] ?? 0, share);
  counts[code] = (counts[code] ?? 0) - taken;
}

/** The log speaks of "upstream", which is wsrally's backend: what that denies, nobody can tell. */
function sideOfCause(cause: LogCause, backend: BackendCounts): FailureSide {
  switch (cause) {
    case "upstream-timeout":
      return (backend.acceptFailures ?? 0) > 0 ? "backend" : "unknown";
    case "upstream-closed":
    case "upstream-reset":
      return backend.unanswered > 0 ? "backend" : "unknown";
    default:
      return "proxy";
  }
}
