/**
 * Why a WebSocket ended that nobody ended, and why no further one came in.
 */
import { quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { secondsAt } from "../language/config-node.js";
import type { ConfigView } from "./config-view.js";
import { type BreakerRoom, breakers, idle, lifetime, listenerLimit } from "./facts.js";
import { clusterWords } from "./places.js";

const defaultDelayedCloseS = 1;

export function explainIdle(view: ConfigView, afterS: number | null): Explanation | null {
  const most = lifetime(view);
  const { value, quote } = idle(view);
  const measured = afterS === null ? "" : `; measured ${timeWords(Math.round(afterS * 10) / 10)}`;
  const late = lateness(view);
  if (most !== null && (value === null || most.value < value))
    return {
      cause: `${quoteAt(most.quote)} ends every WebSocket ${timeWords(most.value)} after it was opened, busy or not${late}${measured}`,
      cure: "without it, or clients that come back by themselves",
      quotes: [most.quote],
    };
  if (value === null) return null;
  return {
    cause: `${quoteAt(quote)}${quote.place === null ? ", which" : ""} ends a WebSocket on which nothing is said for ${timeWords(value)}${late}${measured}`,
    cure: `a heartbeat from either side more often than every ${timeWords(value)}, or in the route, which goes before the listener:\nidle_timeout: 3600s`,
    quotes: [quote],
  };
}

/** What Envoy ends itself, and what the backend ends, the client learns so much later; null for at once. */
export function lateS({ first }: ConfigView): number | null {
  const seconds = secondsAt(first?.manager ?? null, "delayed_close_timeout") ?? defaultDelayedCloseS;
  return first?.manager == null || seconds === 0 ? null : seconds;
}

function lateness(view: ConfigView): string {
  const seconds = lateS(view);
  return seconds === null
    ? ""
    : `; the client learns of it ${timeWords(seconds)} later (\`delayed_close_timeout\`)`;
}

/** All clients of a listener share its limit. */
export function explainShare(view: ConfigView): Explanation | null {
  const limit = listenerLimit(view);
  return limit === null
    ? null
    : {
        cause: `${quoteAt(limit.quote)} of the filter connection_limit counts all connections of the listener: beyond it Envoy closes without an answer`,
        cure: "as many as there are to be WebSockets:\nmax_connections: NUMBER",
        quotes: [limit.quote],
      };
}

type RoomEnds = Extract<Symptom, { kind: "room-ends" }>;

export function explainRoom(view: ConfigView, { opened, how }: RoomEnds): Explanation | null {
  if (how === "closed" && listenerLimit(view) !== null) return explainShare(view);
  const room = breakers(view);
  return room === null ? null : explainFull(room, opened);
}

export function explainFull({ name, quote, cluster, value }: BreakerRoom, opened: number): Explanation {
  const end =
    name === "max_requests"
      ? "the next one is answered with 503 at once"
      : "the next one waits for a connection without any answer";
  return {
    cause: `${quoteAt(quote)}: a circuit breaker of ${clusterWords(cluster)} lets ${value} WebSockets in, each of which keeps its place for as long as it lives; with ${opened} open ${end}`,
    cure: "in the cluster, as many as there are to be WebSockets:\ncircuit_breakers:\n  thresholds:\n  - {max_connections: NUMBER, max_pending_requests: NUMBER, max_requests: NUMBER}",
    quotes: [quote],
  };
}
