/**
 * What a rollout asks of a line between clients and proxy: the weather from the beginning, and the one that an event brings.
 */
import { fairWeather, isFair } from "../../line/weather.js";
import type { LineDelay, Weather } from "../../scenario/weather-schema.js";
import { isWeather, type RolloutEvent } from "./rollout-event.js";

export interface RolloutWeather {
  /** From the beginning, and again when the event is over. */
  readonly usual: Weather;
  /** What an event that is weather brings; the usual for others. */
  readonly bad: Weather;
  /** How long, in seconds. */
  readonly lastsS: number;
}

/** What was asked for, by flags or by default; null for what was not. */
interface AskedWeather {
  readonly delay: LineDelay | null;
  readonly lossShare: number | null;
  readonly lastsS: number;
}

const usualDelay = { delayMs: 20, jitterMs: 0 };
const usualLoss = 0.01;

/** An event brings what it is about; all else that was asked for is there from the beginning. */
export function rolloutWeather(
  event: RolloutEvent,
  { delay, lossShare, lastsS }: AskedWeather,
): RolloutWeather {
  const standing: Weather = {
    ...fairWeather,
    ...(event === "delay" ? {} : delay),
    ...(event === "loss" || lossShare === null ? {} : { lossShare }),
  };
  const bad: Weather = {
    ...standing,
    ...(event === "delay" ? (delay ?? usualDelay) : {}),
    ...(event === "loss" ? { lossShare: lossShare ?? usualLoss } : {}),
  };
  return { usual: standing, bad, lastsS };
}

export function takesLine(event: RolloutEvent, { usual }: RolloutWeather): boolean {
  return isWeather(event) || event === "dead-peers" || !isFair(usual);
}
