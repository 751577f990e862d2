/**
 * The difference of two probes: what the candidate's findings say that its baseline's do not.
 */
import { type Finding, type FindingId, findingIds, notTested } from "../../diagnosis/finding.js";
import { quoteWords } from "../../diagnosis/quote.js";
import type { Regression } from "../../results/gate-schema.js";
import { type ArmRoom, isShort, roomWords } from "../../trial/check-room.js";

/** What one side was found to be. */
export interface ProbedSide {
  readonly findings: readonly Finding[];
  /** How long a quiet WebSocket is kept, in seconds, by the config; null where that is not told. */
  readonly idleS: number | null;
  /** How long old workers wait for open WebSockets after a reload; null for as long as they live. */
  readonly shutdownS: number | null;
  /** What its config lets in of the load that is to be measured; null where nothing limits that. */
  readonly room: ArmRoom | null;
}

/**
 * Warnings that tell of WebSockets which break, or of headers that are lost. The rest is advice (`buffering`,
 * `upgrade-hard-coded`; `response-head`, for the answer to an upgrade is rarely that long), or what this machine alone
 * shows (`upstream`: a CI job rarely sees the real one).
 */
const failingWarnings: ReadonlySet<FindingId> = new Set<FindingId>([
  "header-host",
  "header-origin",
  "header-forwarded",
  "subprotocol",
  "extensions",
  "cookies",
  "request-head",
  "refusal",
  "small-messages",
  "control-frames",
  "idle-timeout",
  "idle-rearm",
  "limit-conn",
  "limit-req",
  "worker-connections",
  "reload",
]);

const weights: Readonly<Record<Finding["status"], number>> = { ok: 0, "not-tested": 0, warning: 1, fault: 2 };

/**
 * In the order of the findings' list; none when the candidate is as good, or better. Through a baseline that opens no
 * WebSocket nothing else can be tested, so that what the candidate shows then is told and fails nothing.
 */
export function findingRegressions(baseline: ProbedSide, candidate: ProbedSide): Regression[] {
  const isTold = connects(baseline.findings);
  const found = findingIds.flatMap((id) => {
    const before = worst(baseline.findings, id);
    const after = worst(candidate.findings, id);
    // A config that does not run is no better for its baseline not running either.
    const isRefused = id === "config-refused" && after.status === "fault";
    if (weights[after.status] <= weights[before.status] && !isRefused) return [];
    const regression = toRegression(after, before);
    return [{ ...regression, fails: isRefused || (isTold && regression.fails) }];
  });
  if (!isTold) return found;
  const told = new Set(found.map(({ id }) => id));
  const foretold = [...timeRegressions(baseline, candidate), ...roomRegressions(baseline, candidate)];
  return [...found, ...foretold.filter(({ id }) => !told.has(id))];
}

/** Whether a WebSocket could be opened. */
export function connects(findings: readonly Finding[]): boolean {
  return findings.some(({ id, status }) => id === "upgrade" && status === "ok");
}

function worst(findings: readonly Finding[], id: FindingId): Finding {
  const [first] = findings
    .filter((finding) => finding.id === id)
    .sort((a, b) => weights[b.status] - weights[a.status]);
  return first ?? notTested(id, "it was not looked at");
}

function toRegression(after: Finding, before: Finding): Regression {
  const { id, status, side, title, evidence, cause, cure } = after;
  return {
    id,
    status,
    side,
    title,
    evidence: [...evidence],
    cause,
    cure,
    before: { status: before.status, title: before.title },
    fails: status === "fault" || failingWarnings.has(id),
  };
}

/** What a config's times foretell, where waiting for them would take longer than the gate may. */
function timeRegressions(baseline: ProbedSide, candidate: ProbedSide): Regression[] {
  // A time that cannot be read is no time that was shortened.
  const idle = shortened(baseline.idleS ?? candidate.idleS, candidate.idleS);
  const reload = shortened(baseline.shutdownS, candidate.shutdownS);
  return [
    ...(idle === null
      ? []
      : [
          foretold("idle-timeout", {
            title: `a WebSocket on which nothing is said is closed after ${idle.after}, no longer after ${idle.before}`,
            evidence: [
              `baseline: proxy_read_timeout ${idle.before}`,
              `candidate: proxy_read_timeout ${idle.after}`,
            ],
            cause: "proxy_read_timeout was shortened",
            cure: "the timeout as it was, or heartbeats more often than the new one",
          }),
        ]),
    ...(reload === null
      ? []
      : [
          foretold("reload", {
            title: `a reload closes every WebSocket that is still open ${reload.after} later`,
            evidence: [
              `baseline: worker_shutdown_timeout ${reload.before}`,
              `candidate: worker_shutdown_timeout ${reload.after}`,
            ],
            cause: "worker_shutdown_timeout: old workers cut what is still open, busy or not",
            cure: "the timeout as it was, or clients that reconnect after a random wait",
          }),
        ]),
  ];
}

/** What the candidate's config has no room for and its baseline's has: no trial could show anything else. */
function roomRegressions({ room: before }: ProbedSide, { room: after }: ProbedSide): Regression[] {
  if (after === null || !isShort(after) || (before !== null && isShort(before))) return [];
  const { connections, limit, admission } = after;
  const id = limit === "limit-conn" || limit === "limit-req" ? limit : "worker-connections";
  return [
    foretold(id, {
      title: roomWords(after),
      evidence: [
        `baseline: ${before === null ? "no directive limits them" : `lets in ${before.letsIn}: ${quoteWords(before.admission.quote)}`}`,
        `candidate: lets in ${after.letsIn}: ${quoteWords(admission.quote)}`,
      ],
      cause: `the candidate's config turns away some of the ${connections} connections that the gate's load opens`,
      cure: admission.cure(connections),
    }),
  ];
}

/** Seconds as words, where the candidate has fewer; null stands for no end. */
function shortened(
  before: number | null,
  after: number | null,
): { readonly before: string; readonly after: string } | null {
  if (after === null || (before !== null && after >= before)) return null;
  return { before: before === null ? "not set" : `${before} s`, after: `${after} s` };
}

function foretold(
  id: FindingId,
  words: Pick<Regression, "title" | "evidence" | "cause" | "cure">,
): Regression {
  const before = { status: "not-tested" as const, title: "as the baseline's config says" };
  return { id, status: "warning", side: "proxy", ...words, before, fails: true };
}
