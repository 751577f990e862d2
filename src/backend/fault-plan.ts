/**
 * What a pong server does wrong on purpose, so that every failure the tool names can be produced on demand.
 */
import type { Prng } from "../base/prng.js";

export type Delay =
  | { readonly kind: "fixed"; readonly ns: number }
  | { readonly kind: "exponential"; readonly meanNs: number };

/** How each connection ends after so many answers; after 0 as soon as it is open. */
export type Ending =
  /** The stream ends without a close frame. */
  | { readonly kind: "eof"; readonly after: number }
  | { readonly kind: "close"; readonly after: number; readonly code: number }
  /** RST. */
  | { readonly kind: "reset"; readonly after: number }
  /** The connection stays, and nothing is answered any more. */
  | { readonly kind: "stall"; readonly after: number };

/** What becomes of every so-manieth answer of a connection. */
export interface AnswerFault {
  /** Not sent at all, sent twice, or sent with a byte changed. */
  readonly kind: "drop" | "duplicate" | "alter";
  readonly every: number;
}

export interface FaultPlan {
  /** Between a message and its answer. Answers keep their order. */
  readonly delay: Delay | null;
  readonly ending: Ending | null;
  readonly answers: AnswerFault | null;
  /** Of the delays drawn. */
  readonly seed: number;
}

export const noDelay: Delay = { kind: "fixed", ns: 0 };

export const noFaults: FaultPlan = { delay: null, ending: null, answers: null, seed: 1 };

export function hasFaults({ delay, ending, answers }: FaultPlan): boolean {
  return delay !== null || ending !== null || answers !== null;
}

/** In nanoseconds. */
export function drawDelay(delay: Delay, prng: Prng): number {
  return delay.kind === "fixed" ? delay.ns : -delay.meanNs * Math.log(1 - prng.nextFloat());
}
