/**
 * Against queues whose knee is known: power λ/T(λ) is greatest at μ/2 for M/M/1 and at (2 − √2)μ for M/D/1.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { type LoadPoint, loadKnee, responseAt } from "#wsrally/stats/load-knee.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertNear } from "./stats-vectors.js";

const serviceS = 0.0002;
const perS = 1 / serviceS;
const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];

type Queue = (share: number) => number;
const responseOf: Readonly<Record<string, Queue>> = {
  "M/M/1": (share) => serviceS / (1 - share),
  "M/D/1": (share) => serviceS * (1 + share / (2 * (1 - share))),
};
const kneeShares: Readonly<Record<string, number>> = { "M/M/1": 0.5, "M/D/1": 2 - Math.SQRT2 };

function points(queue: Queue): LoadPoint[] {
  return shares.map((share) => ({ perS: share * perS, response: queue(share) }));
}

describe("loadKnee()", () => {
  for (const [name, queue] of Object.entries(responseOf)) {
    const share = kneeShares[name] ?? 0;
    it(`lies where queueing theory has it for ${name}`, () => {
      const knee = loadKnee(points(queue));
      assert.ok(knee !== null);
      assertNear(knee.perS / (share * perS), 1, 0.03, "knee");
      assert.ok(knee.low <= share * perS && share * perS <= knee.high);
      // One message in the system: the pipe just full (Kleinrock 1979).
      assertNear(knee.perS * knee.response, 1, 0.1, "messages under way");
    });

    it(`is found for ${name} through noise of 5 %, within its interval nine times in ten`, () => {
      const prng = createPrng(7);
      let within = 0;
      for (let run = 0; run < 100; run++) {
        const noisy = points(queue).map((point) => ({
          ...point,
          response: point.response * (1 + 0.1 * (prng.nextFloat() - 0.5)),
        }));
        const knee = loadKnee(noisy);
        if (knee !== null && knee.low <= share * perS && share * perS <= knee.high) within++;
      }
      assert.ok(within >= 90, `${within} of 100`);
    });
  }

  it("lies at the capacity where nothing queues below it", () => {
    const steady = shares.map((share) => ({ perS: share * perS, response: serviceS }));
    const beyond = [1.1, 1.3].map((share) => ({ perS: share * perS, response: serviceS * 500 * share }));
    const knee = loadKnee([...steady, ...beyond]);
    assert.ok(
      knee !== null && knee.perS > 0.93 * perS && knee.high >= perS && knee.low <= perS,
      JSON.stringify(knee),
    );
  });

  it("is not there where power still grows, or loads are few", () => {
    assert.equal(loadKnee(shares.map((share) => ({ perS: share * perS, response: serviceS }))), null);
    assert.equal(loadKnee(points((share) => serviceS / (1 - share)).slice(0, 3)), null);
    assert.equal(loadKnee([]), null);
  });

  it("does not take light loads, slow for their sleeping processors, for a knee", () => {
    const slowAtFirst = points((share) => (share < 0.25 ? 4 * serviceS : serviceS / (1 - share)));
    assertNear((loadKnee(slowAtFirst)?.perS ?? 0) / perS, 0.5, 0.03, "knee");
  });

  it("does not depend on the order or the units of its points", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(points(responseOf["M/M/1"] as Queue), { minLength: shares.length }),
        fc.double({ min: 0.001, max: 1000, noNaN: true }),
        (shuffledPoints, unit) => {
          const knee = loadKnee(
            shuffledPoints.map((point) => ({ ...point, response: point.response * unit })),
          );
          assertNear((knee?.perS ?? 0) / perS, 0.5, 0.03, "knee");
        },
      ),
    );
  });
});

describe("responseAt()", () => {
  it("lies between the loads that were run, and nowhere else", () => {
    const queue = responseOf["M/M/1"] as Queue;
    const response = responseAt(points(queue), 0.55 * perS) ?? 0;
    assert.ok(response > queue(0.5) && response < queue(0.6));
    assert.equal(responseAt(points(queue), 2 * perS), null);
    assert.equal(responseAt([], perS), null);
  });
});
