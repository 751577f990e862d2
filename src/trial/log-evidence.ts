/**
 * The causes in a proxy's log, and which of the client's failures each can explain. A line a failure where the proxy
 * writes one each time; where it does not, one line speaks for all.
 */

import { type LogCause, logCauses } from "../diagnosis/log-cause.js";
import type { FailureKind, FailureSide, FailureStage, ObservedFailure } from "../load/failure.js";
import type { ProxyDiary, ProxyLogEntry } from "../proxy/proxy-diary.js";
import type { Undivided } from "./failure-share.js";

interface Explanation {
  readonly cause: LogCause;
  readonly stage: FailureStage;
  readonly kinds: readonly FailureKind[];
  /** Of answers in place of 101; any when absent. */
  readonly statuses?: readonly number[];
  /** Whether a line stands for one failure, and not for as many as there are. */
  readonly each: boolean;
  /** The kind that the client's becomes, where the log knows better. */
  readonly becomes?: FailureKind;
}

const ended: readonly FailureKind[] = ["eof", "reset", "stream-reset"];
const lost: readonly FailureKind[] = [...ended, "refused", "upgrade-timeout"];
const badGateway = [500, 502] as const;
const status: readonly FailureKind[] = ["upgrade-status"];

const statusCauses: readonly (readonly [LogCause, readonly number[] | undefined])[] = [
  ["upstream-refused", [502]],
  ["upstream-unreachable", [500, 502]],
  ["upstream-timeout", [502, 504]],
  ["upstream-closed", [502]],
  ["upstream-reset", [502]],
  ["upstream-answer", [502]],
  ["upstream-tls", [502]],
  ["name-not-found", [502]],
  ["no-live-upstreams", [502]],
  ["access-denied", [401, 403]],
  // Their statuses can be set (limit_conn_status, limit_req_status).
  ["limit-conn", undefined],
  ["limit-req", undefined],
  ["worker-connections", [500, 502, 503]],
];

/** What is surest comes first. */
const explanations: readonly Explanation[] = [
  {
    cause: "no-ports",
    stage: "opening",
    kinds: status,
    statuses: badGateway,
    each: true,
    becomes: "no-ports",
  },
  {
    cause: "no-descriptors",
    stage: "opening",
    kinds: status,
    statuses: [...badGateway, 503],
    each: true,
    becomes: "no-descriptors",
  },
  ...statusCauses.map(
    ([cause, statuses]): Explanation => ({
      cause,
      stage: "opening",
      kinds: status,
      ...(statuses === undefined ? {} : { statuses }),
      each: true,
    }),
  ),
  { cause: "worker-connections", stage: "opening", kinds: ended, each: true },
  { cause: "client-tls", stage: "opening", kinds: ["tls", ...ended], each: true },
  // nginx stops accepting for half a second each time, and writes one line for it.
  { cause: "no-descriptors", stage: "opening", kinds: lost, each: false, becomes: "no-descriptors" },
  { cause: "process-died", stage: "opening", kinds: lost, each: false },
  { cause: "reloaded", stage: "opening", kinds: ended, each: false },
  // Written once a second at most (ngx_drain_connections).
  { cause: "connections-short", stage: "opening", kinds: ended, each: false },
  { cause: "no-memory", stage: "opening", kinds: [...status, ...lost], each: false },
  { cause: "process-died", stage: "open", kinds: ended, each: false },
  { cause: "reloaded", stage: "open", kinds: ended, each: false },
  { cause: "idle-timeout", stage: "open", kinds: ended, each: true },
  { cause: "sockets-left", stage: "open", kinds: ended, each: false },
];

export class LogEvidence {
  readonly #entries: readonly ProxyLogEntry[];
  /** Lines that explain nothing yet. */
  readonly #unused = new Map<ProxyLogEntry, number>();

  constructor({ entries }: Pick<ProxyDiary, "entries">) {
    this.#entries = entries;
    for (const entry of entries) this.#unused.set(entry, entry.count);
  }

  /** Takes from a failure what the log explains. @param sideOf whose doing a cause is */
  explain(undivided: Undivided, sideOf: (cause: LogCause) => FailureSide): void {
    for (const explanation of explanations) {
      if (!fits(explanation, undivided.failure)) continue;
      const { cause, each, becomes } = explanation;
      for (const entry of this.#entries) {
        if (entry.cause !== cause) continue;
        const unused = this.#unused.get(entry) ?? 0;
        const taken = undivided.take(each ? unused : Number.POSITIVE_INFINITY, {
          side: sideOf(cause),
          cause: logCauses[cause],
          causeId: cause,
          logMessage: entry.message,
          ...(becomes === undefined ? {} : { kind: becomes }),
        });
        this.#unused.set(entry, Math.max(0, unused - taken));
      }
    }
  }

  /** The message of the first entry with this cause; null when there is none. */
  messageOf(cause: LogCause): string | null {
    return this.#entries.find((entry) => entry.cause === cause)?.message ?? null;
  }
}

function fits({ stage, kinds, statuses }: Explanation, failure: ObservedFailure): boolean {
  return (
    failure.stage === stage &&
    kinds.includes(failure.kind) &&
    (statuses === undefined ||
      failure.kind !== "upgrade-status" ||
      (failure.code !== null && statuses.includes(failure.code)))
  );
}
