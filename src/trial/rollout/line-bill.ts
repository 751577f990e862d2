/**
 * What a line between clients and proxy did, and whether it was itself what the clients felt.
 */
import type { LineFigures } from "../../line/line-messages.js";
import type { Weather } from "../../scenario/weather-schema.js";
import { isLineLimit } from "../stage-line.js";
import { isWeather, type RolloutEvent } from "./rollout-event.js";
import type { RolloutWeather } from "./rollout-weather.js";

export interface LineBill {
  readonly usual: Weather;
  /** What the event brought, and for how long; null for other events. */
  readonly bad: (Weather & { readonly lastsMs: number }) | null;
  readonly packets: Omit<LineFigures, "lateUs" | "busyShare">;
  readonly lateUs: LineFigures["lateUs"];
  readonly busyShare: number;
  /** It lost packets for want of speed, or was late by more than it is to be felt. */
  readonly isLimit: boolean;
}

export function lineBill(
  event: RolloutEvent,
  { usual, bad, lastsS }: RolloutWeather,
  figures: LineFigures,
): LineBill {
  const { lateUs, busyShare, ...packets } = figures;
  return {
    usual,
    bad: isWeather(event) ? { ...bad, lastsMs: lastsS * 1e3 } : null,
    packets,
    lateUs,
    busyShare,
    isLimit: isLineLimit(bad, figures),
  };
}
