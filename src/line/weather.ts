/**
 * What a line does to each packet, drawn from a seed.
 */
import type { Prng } from "../base/prng.js";
import type { Weather } from "../scenario/weather-schema.js";

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
