import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparedText, comparedWords, marginText } from "#wsrally/report/words/compared-words.js";
import { makeComparison } from "../run-documents.js";

const stalls = makeComparison({
  metric: "stallsPerS",
  ratio: null,
  ciLow: null,
  ciHigh: null,
  difference: 1,
  differenceLow: -0.25,
  differenceHigh: 1.5,
  margin: 0.5,
});

describe("the numbers of a comparison in words", () => {
  it("are a ratio of most, and a share for a margin", () => {
    const one = makeComparison();
    assert.deepEqual(comparedText(one), { ratio: "1.00x", interval: "0.98-1.01" });
    assert.equal(marginText(one), "5 %");
    assert.equal(comparedWords(one), "round trip p50 of off is 1.00x (0.98-1.01) of on");
  });

  it("are a difference of stalls, with its sign, and so many a second for a margin", () => {
    assert.deepEqual(comparedText(stalls), { ratio: "+1/s", interval: "-0.25 to +1.5" });
    assert.equal(marginText(stalls), "0.5/s");
    assert.equal(comparedWords(stalls), "stalls of off are +1/s (-0.25 to +1.5) beside on");
    assert.equal(comparedText({ ...stalls, difference: 0 }).ratio, "0/s");
  });

  it("are none where nothing was measured", () => {
    const none = { ...stalls, difference: null, differenceLow: null };
    assert.deepEqual(comparedText(none), { ratio: "-", interval: "-" });
    assert.equal(comparedWords(none), "stalls of off are not measured beside on");
  });
});
