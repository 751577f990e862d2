import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPacer } from "#wsrally/base/pacer.js";
import { type ArrivalCheck, createArrivalCheck } from "#wsrally/load/arrival-check.js";
import { plainShape } from "#wsrally/load/shape/load-shape.js";

type Arrivals = "uniform" | "poisson";

const ratePerS = 2000;
const messages = 20_000;

function checkOf(arrivals: Arrivals): ArrivalCheck {
  const check = createArrivalCheck({ ratePerS, arrivals }, plainShape);
  assert.ok(check !== null);
  return check;
}

/** @param sentNs when a message really goes out that is due then */
function offOf(asked: Arrivals, sent: Arrivals, sentNs = (dueNs: number) => dueNs, perS = ratePerS): number {
  const check = checkOf(asked);
  const pacer = createPacer({ ratePerS: perS, arrivals: sent, phase: 0.3 }, 7);
  for (let message = 0; message < messages; message++) check.sent(sentNs(pacer.nextNs()));
  return check.off() ?? assert.fail("it tells nothing");
}

/** As of a timer that counts in milliseconds. */
function toNextMs(dueNs: number): number {
  return Math.ceil(dueNs / 1e6) * 1e6;
}

describe("ArrivalCheck", () => {
  // Of 20,000 right gaps 1.63 / √20,000 = 0.012 is exceeded once in a hundred times.
  const right: readonly (readonly [what: string, off: number])[] = [
    ["Poisson arrivals", offOf("poisson", "poisson")],
    ["even arrivals", offOf("uniform", "uniform")],
    [
      "even arrivals late by up to a fifth of a gap",
      offOf("uniform", "uniform", (ns) => ns + ((ns * 7) % 1e5)),
    ],
  ];
  for (const [what, off] of right) {
    it(`finds ${what} as asked`, () => assert.ok(off < 0.012, `${off}`));
  }

  const wrong: readonly (readonly [what: string, least: number, off: number])[] = [
    ["even arrivals for Poisson ones", 0.5, offOf("poisson", "uniform")],
    ["Poisson arrivals for even ones", 0.5, offOf("uniform", "poisson")],
    [
      "Poisson arrivals at four fifths of the rate",
      0.05,
      offOf("poisson", "poisson", undefined, ratePerS * 0.8),
    ],
    ["Poisson arrivals gathered by the millisecond", 0.3, offOf("poisson", "poisson", toNextMs)],
    ["even arrivals gathered by the millisecond", 0.5, offOf("uniform", "uniform", toNextMs)],
  ];
  for (const [what, least, off] of wrong) {
    it(`finds off: ${what}`, () => assert.ok(off >= least && off <= 1, `${off}`));
  }

  it("tells nothing of too few sends, and where there is no one rate", () => {
    const check = checkOf("poisson");
    for (let message = 0; message < 100; message++) check.sent(message * 1e6);
    assert.equal(check.off(), null);
    assert.equal(createArrivalCheck({ ratePerS: null, arrivals: "uniform" }, plainShape), null);
    const staged = { ...plainShape, rateLegs: { legs: [], ratePerS, fromStart: true } };
    assert.equal(createArrivalCheck({ ratePerS, arrivals: "uniform" }, staged), null);
  });
});
