/**
 * Who ended the connections that were open: the backend knows of each which end was first. Every end that it did not
 * bring about itself, nor the client, was the proxy's.
 */
import { type BackendCounts, totalOf } from "../backend/backend-counts.js";
import type { Undivided } from "./failure-share.js";
import type { LogEvidence } from "./log-evidence.js";

export const endingCauses = {
  backend: "the backend ended it",
  proxy: "the backend did not end it",
  spoilt: "the backend refused what reached it",
} as const;

/** Failures `eof`, `reset`, `stream-reset` and `closed` of open connections, behind a proxy. */
export function attributeEndings(
  endings: readonly Undivided[],
  backend: BackendCounts,
  log: LogEvidence,
): void {
  const seen = backend.endings;
  const spoilt = { ...seen.faultClose };
  for (const ending of endings) {
    const { kind, code } = ending.failure;
    if (kind !== "closed" || code === null) continue;
    ending.take(spoilt[code] ?? 0, { side: "proxy", cause: endingCauses.spoilt });
  }
  const own = new OwnEndings(backend, leftOf(endings), log);
  // Like with like first, for a proxy may turn one kind of end into another: nginx makes an end of a reset.
  for (const ending of endings) own.giveLike(ending);
  for (const ending of endings) own.giveAny(ending);
  for (const ending of endings) {
    if (own.isAmbiguous) ending.takeRest({ side: "unknown" });
    log.explain(ending, () => "proxy");
    ending.takeRest({ side: "proxy", cause: endingCauses.proxy });
  }
}

function leftOf(endings: readonly Undivided[]): number {
  return endings.reduce((sum, { left }) => sum + left, 0);
}

/** The connections that the backend ended itself, to be found again among those that the client lost. */
class OwnEndings {
  /** Whether it cannot be told which of the client's losses were among them. */
  readonly isAmbiguous: boolean;
  #sure: number;
  #eof: number;
  #reset: number;
  readonly #close: Record<number, number>;
  readonly #log: LogEvidence;

  constructor({ endings }: BackendCounts, clientLost: number, log: LogEvidence) {
    const { ownEof, ownReset, ownClose, peerEof, peerReset } = endings;
    const own = ownEof + ownReset + totalOf(ownClose);
    // It may have ended some that the client did not count, because it was closing them itself: then those are sure
    // to be the backend's for which it saw no end from the proxy.
    this.#sure = own <= clientLost ? own : Math.max(0, clientLost - peerEof - peerReset);
    this.isAmbiguous = own > clientLost;
    this.#eof = ownEof;
    this.#reset = ownReset;
    this.#close = { ...ownClose };
    this.#log = log;
  }

  giveLike(ending: Undivided): void {
    const { kind, code } = ending.failure;
    if (kind === "eof") this.#eof -= this.#give(ending, this.#eof, "eof");
    // A proxy has nothing else to tell a reset by over HTTP/2.
    else if (kind === "reset" || kind === "stream-reset")
      this.#reset -= this.#give(ending, this.#reset, "reset");
    else {
      // Without a code it is counted as 1005.
      const key = code ?? 1005;
      this.#close[key] = (this.#close[key] ?? 0) - this.#give(ending, this.#close[key] ?? 0, "closed");
    }
  }

  /** A close frame is nobody's but whose code it has; streams end in one way or the other. */
  giveAny(ending: Undivided): void {
    if (ending.failure.kind === "closed") return;
    this.#reset -= this.#give(ending, this.#reset, "reset");
    this.#eof -= this.#give(ending, this.#eof, "eof");
    for (const [code, count] of Object.entries(this.#close)) {
      this.#close[Number(code)] = count - this.#give(ending, count, "closed");
    }
  }

  #give(ending: Undivided, most: number, how: "eof" | "reset" | "closed"): number {
    const taken = ending.take(Math.min(most, this.#sure), {
      side: "backend",
      cause: endingCauses.backend,
      logMessage: how === "reset" ? this.#log.messageOf("connection-reset") : null,
    });
    this.#sure -= taken;
    return taken;
  }
}
