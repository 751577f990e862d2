import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { drawDelayNs, drawLoss, fairWeather, isFair } from "#wsrally/line/weather.js";

const draws = 20_000;

function delaysMs(weather: { delayMs: number; jitterMs: number }, seed: number): number[] {
  const prng = createPrng(seed);
  return Array.from({ length: draws }, () => drawDelayNs({ ...fairWeather, ...weather }, prng) / 1e6);
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe("weather", () => {
  it("delays by the same where there is no jitter", () => {
    assert.deepEqual([...new Set(delaysMs({ delayMs: 20, jitterMs: 0 }, 1))], [20]);
  });

  it("delays by a normal distribution, the same for the same seed", () => {
    const delays = delaysMs({ delayMs: 20, jitterMs: 3 }, 7);
    const sd = Math.sqrt(mean(delays.map((one) => (one - mean(delays)) ** 2)));
    // Five standard errors.
    assert.ok(Math.abs(mean(delays) - 20) < (5 * 3) / Math.sqrt(draws), `${mean(delays)} ms`);
    assert.ok(Math.abs(sd - 3) < (5 * 3) / Math.sqrt(2 * draws), `${sd} ms`);
    assert.deepEqual(delays, delaysMs({ delayMs: 20, jitterMs: 3 }, 7));
    assert.notDeepEqual(delays, delaysMs({ delayMs: 20, jitterMs: 3 }, 8));
  });

  it("never delays by less than nothing", () => {
    assert.ok(Math.min(...delaysMs({ delayMs: 1, jitterMs: 5 }, 3)) === 0);
  });

  it("loses the share that it is asked to", () => {
    const prng = createPrng(11);
    const weather = { ...fairWeather, lossShare: 0.03 };
    let lost = 0;
    for (let i = 0; i < draws; i++) if (drawLoss(weather, prng)) lost++;
    const error = Math.sqrt((0.03 * 0.97) / draws);
    assert.ok(Math.abs(lost / draws - 0.03) < 5 * error, `${lost / draws}`);
    assert.equal(drawLoss(fairWeather, { nextFloat: () => 0, nextUint32: () => 0 }), false);
  });

  it("is fair where it does nothing", () => {
    assert.ok(isFair(fairWeather));
    for (const [key, value] of [
      ["delayMs", 1],
      ["jitterMs", 1],
      ["lossShare", 0.1],
    ] as const)
      assert.ok(!isFair({ ...fairWeather, [key]: value }), key);
  });
});
