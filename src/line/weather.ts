/**
 * What a line does to each packet, drawn from a seed. Each way by itself: a round trip has the delay twice.
 */
import type { Prng } from "../base/prng.js";

export interface Weather {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** The standard deviation of a normal distribution about it; 0 for a constant delay. */
  readonly jitterMs: number;
  /** Of the packets, each by itself. */
  readonly lossShare: number;
}

export const fairWeather: Weather = { delayMs: 0, jitterMs: 0, lossShare: 0 };

export function isFair({ delayMs, jitterMs, lossShare }: Weather): boolean {
  return delayMs === 0 && jitterMs === 0 && lossShare === 0;
}

/** Never negative. */
export function drawDelayNs({ delayMs, jitterMs }: Weather, prng: Prng): number {
  return jitterMs === 0 ? delayMs * 1e6 : Math.max(0, (delayMs + jitterMs * drawNormal(prng)) * 1e6);
}

export function drawLoss({ lossShare }: Weather, prng: Prng): boolean {
  return lossShare > 0 && prng.nextFloat() < lossShare;
}

/** Of mean 0 and standard deviation 1 (Box and Muller). */
function drawNormal(prng: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - prng.nextFloat())) * Math.cos(2 * Math.PI * prng.nextFloat());
}
