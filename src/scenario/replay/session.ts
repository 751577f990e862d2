/** What a recorded WebSocket session is to a load: when who sent how much, and nothing of what. */

/** A message of the client, and what the server sent from then to the client's next. */
export interface Turn {
  /** Milliseconds from the session's start. */
  readonly atMs: number;
  readonly bytes: number;
  readonly isBinary: boolean;
  readonly downs: readonly Down[];
}

export interface Down {
  /** Milliseconds behind the client's message. */
  readonly afterMs: number;
  readonly bytes: number;
  readonly isBinary: boolean;
}

/** It is gone through again and again. */
export interface Session {
  /** From one start to the next: the recorded time, and a gap as long as its gaps are on average. */
  readonly cycleMs: number;
  /** At least one. */
  readonly turns: readonly Turn[];
}

export interface RecordedTraffic {
  /** Those in which the client sent anything. */
  readonly sessions: readonly Session[];
  /** How much DEFLATE saves of what was sent, in percent, each way. */
  readonly savedPercent: { readonly up: number; readonly down: number };
}

/** What comes within this time of a client's message, and first behind it, is taken for its reply; all else the server says by itself. */
const replyWithinMs = 2000;

/** How long the server took to reply; null where it did not. */
export function replyAfterMs({ downs: [first] }: Turn): number | null {
  return first === undefined || first.afterMs > replyWithinMs ? null : first.afterMs;
}

/** Messages a second of a client that goes through it. */
function rateOfSession({ cycleMs, turns }: Session): number {
  return (turns.length * 1000) / cycleMs;
}

/** Which session a connection goes through: each as often as any other. */
export function sessionOf({ sessions }: RecordedTraffic, connection: number): number {
  return connection % sessions.length;
}

/** What so many connections send a second, together. */
export function rateOfTraffic(traffic: RecordedTraffic, connections: number): number {
  const rates = traffic.sessions.map(rateOfSession);
  return rates.reduce(
    (sum, rate, at) => sum + rate * Math.ceil(Math.max(0, connections - at) / rates.length),
    0,
  );
}
