/** What is said between a run and its line's process. */

import type { Weather } from "../scenario/weather-schema.js";
import type { KernelSettings } from "./kernel-settings.js";

export interface LineFigures {
  /** Packets that came out at the proxy's end and at the clients'. */
  readonly toProxy: number;
  readonly toClients: number;
  /** Lost on purpose, and for those who were cut off. */
  readonly lost: number;
  readonly cutOff: number;
  /** Lost because the line was too slow for what came. */
  readonly overflowed: number;
  /** How much later than due packets came out, in microseconds; null for too few of them. */
  readonly lateUs: { readonly p50: number | null; readonly p99: number | null };
  /** Processor time of the line over the time that passed. */
  readonly busyShare: number;
}

export type LineRequest =
  | { readonly kind: "lay"; readonly kernel: KernelSettings }
  /** A new load: counts and draws begin anew, and the mortals live. */
  | { readonly kind: "begin"; readonly seed: number; readonly weather: Weather }
  | { readonly kind: "weather"; readonly weather: Weather }
  /** From now on nothing passes from or to the mortals, and nobody is told. */
  | { readonly kind: "cut" }
  /** Counts from now on. */
  | { readonly kind: "count" }
  | { readonly kind: "figures" };

export type LineReply =
  | { readonly kind: "done" }
  | { readonly kind: "figures"; readonly figures: LineFigures }
  | { readonly kind: "failed"; readonly message: string };
