import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blocksForPrecision, halfWidth } from "#wsrally/judge/series/precision.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { type Standing, standingWords } from "#wsrally/report/progress/standing-words.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { Comparison } from "#wsrally/results/comparison-schema.js";
import type { Effect } from "#wsrally/results/effect-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { makeArm, makeComparison, makeDocument, makeTraffic, makeTrial } from "./run-documents.js";

function explain(document: RunDocument, width = 100): string {
  return renderTerminalReport(document, { width, colour: false, explain: true });
}

const atLook: Partial<Comparison> = {
  adjustedWorse: 1,
  adjustedBetter: 1,
  levelWorse: 0.0005,
  levelBetter: 0.0005,
  levelEquivalent: 0.0075,
  equivalenceLow: 0.98,
  equivalenceHigh: 1.02,
  look: 0,
  family: 3,
};

const plan = {
  blocks: 60,
  looks: [14, 24, 40, 60],
  fractions: [0.15, 0.15, 0.25, 0.45],
  alpha: 0.01,
  alphaEq: 0.05,
  minBlocks: 8,
};

describe("what an arm was sent besides its trials", () => {
  const burnIn = {
    ...makeTraffic(1000, 32_500),
    messages: { sent: 32_500, received: 32_400 },
    failures: [{ kind: "eof" as const, side: "proxy" as const, count: 100, example: "1006 after 3 s" }],
  };
  const document = makeDocument({
    arms: [makeArm("on", { calibration: makeTraffic(2000, 90_000) }), makeArm("off", { burnIn })],
  });
  const wordsOf = (detail: "usual" | "full"): string =>
    renderTerminalReport(document, { width: 120, colour: false, detail }).replace(/ +/g, " ");

  it("has rows of its own in the table of messages", () => {
    const full = wordsOf("full");
    assert.match(full, /on trials .*\n preflight 1 1 0 - 1 - - 1 0\n calibration 2,000 2,000 0 - 90,000 /);
    assert.match(
      full,
      /off trials 1,000 .*\n preflight .*\n burn-in 1,000 1,000 0 - 32,500 - - 32,400 100\n/,
    );
  });

  it("has its failures told with their cause, apart from those of the trials", () => {
    assert.match(wordsOf("usual"), /100 off, burn-in eof proxy -/);
    assert.match(wordsOf("full"), /eof proxy off, burn-in 100 -\n\s+first: 1006 after 3 s/);
  });

  it("is in the HTML in full", () => {
    const page = renderHtmlReport({ document, histograms: new Map(), configs: new Map() });
    for (const name of ["preflight", "calibration", "burn-in"])
      assert.ok(page.includes(`>${name}</td>`), name);
  });
});

describe("--explain", () => {
  it("gives blocks, look, estimate, both intervals, every p-value with its level, and the rule", () => {
    const text = explain(makeDocument({ plan, comparisons: [makeComparison(atLook)] }));
    const why = text.slice(text.indexOf("Why"), text.indexOf("Asked")).replace(/\s+/g, " ");
    assert.match(why, /off \/ on, round trip p50: equivalent/);
    assert.match(
      why,
      /14 blocks, look 1 of 4: 1\.00x, 95 % interval 0\.98-1\.01, decision interval 0\.97-1\.03, margin 5 %/,
    );
    assert.match(
      why,
      /worse p 0\.4 \(above 0\.0005\), better p 0\.6 \(above 0\.0005\), equivalent p 0\.001 \(at most 0\.0075\)/,
    );
    assert.match(why, /Holm among 3 comparisons/);
    assert.match(why, /the whole interval at that level, 0\.98-1\.02, lies within it/);
    assert.match(why, /at most 1 % of runs/);
  });

  it("is not there unless it is asked for", () => {
    const text = renderTerminalReport(makeDocument({ comparisons: [makeComparison()] }), {
      width: 80,
      colour: false,
    });
    assert.doesNotMatch(text, /^Why$/m);
  });

  it("says what would settle an inconclusive one, in blocks, in time, and by whom it was disturbed", () => {
    const generator = { ...makeTrial(0).generator, stealShare: 0.02, otherShare: 0.31 };
    const trials = Array.from({ length: 14 }, (_, block) =>
      makeTrial(block, { generator, startedAt: new Date(1e12 + block * 5000).toISOString() }),
    );
    const comparison = makeComparison({
      ...atLook,
      verdict: "inconclusive",
      ciLow: 0.9,
      ciHigh: 1.12,
      pEquivalent: 0.2,
      blocksForMargin: 40,
    });
    const document = makeDocument({
      plan,
      arms: [makeArm("on", { trials }), makeArm("off", { trials })],
      comparisons: [comparison],
    });
    const why = explain(document).replace(/\s+/g, " ");
    assert.match(why, /inconclusive, because no test rejects/);
    assert.match(why, /about 40 blocks instead of 14, 3:20 min at this run's pace/);
    assert.match(why, /hypervisor took 2 % of a processor and other programs 31 %/);
  });

  it("names the reason where there could be no verdict, and never a p-value without its interval", () => {
    const none = { pWorse: null, pBetter: null, pEquivalent: null, decisionLow: null, decisionHigh: null };
    const comparison = makeComparison({ ...none, verdict: "inconclusive", reasons: ["no-look-yet"] });
    const why = explain(makeDocument({ comparisons: [comparison] }));
    assert.match(why, /there can be no verdict: no-look-yet/);
    assert.doesNotMatch(why, / p \d/);
  });
});

describe("the noise floor", () => {
  const aa: RunDocument["aa"] = {
    arm: "on",
    again: "on-again",
    seconds: 63,
    blocks: 14,
    verdicts: { better: 0, worse: 0, equivalent: 2, inconclusive: 1 },
    metrics: [{ metric: "roundTrip.p50", ratio: 1.003, ciLow: 0.99, ciHigh: 1.01, smallestEffect: 0.023 }],
  };

  it("says how small a difference would have shown, and that nothing was called different", () => {
    const text = renderTerminalReport(makeDocument({ aa }), { width: 80, colour: false });
    assert.match(text, /Noise floor: on against itself, 14 blocks in 1:03 min/);
    assert.match(text, /No false alarm in 3 comparisons \(2 equivalent, 1 inconclusive/);
    assert.match(text, /round trip p50 +2\.3 % +1\.003x|round trip p50 +2\.3 % +1\.00x/);
  });

  it("says so when equal arms were called different", () => {
    const alarm = { ...aa, verdicts: { better: 0, worse: 1, equivalent: 2, inconclusive: 0 } };
    assert.match(
      renderTerminalReport(makeDocument({ aa: alarm }), { width: 80, colour: false }),
      /FALSE ALARM: 1 worse/,
    );
  });
});

describe("effects", () => {
  const main: Effect = {
    metric: "cpuUsPerMessage",
    axis: "payload",
    from: "64",
    to: "8000",
    interactsWith: null,
    blocks: 14,
    cells: 4,
    ratio: 1.25,
    ciLow: 1.2,
    ciHigh: 1.3,
    p: 0.0001,
    adjustedP: 0.0006,
    matters: true,
    equalLoad: false,
  };

  it("are shown by axis, and interactions only where they matter", () => {
    const crossed = {
      ...main,
      interactsWith: { axis: "proxy_buffering", from: "on", to: "off" },
      ratio: 1.1,
      equalLoad: true,
    };
    const text = (effects: Effect[]): string =>
      renderTerminalReport(makeDocument({ effects }), { width: 100, colour: false }).replace(/\s+/g, " ");
    assert.match(
      text([main]),
      /payload 64 -> 8000 CPU a message 1\.25x 1\.20-1\.30 real, each under its own load/,
    );
    assert.match(
      text([main, crossed]),
      /CPU a message: the ratio of payload 64 -> 8000 is 1\.10x \(1\.20-1\.30\) as large with proxy_buffering off as with on/,
    );
    assert.match(text([main, { ...crossed, matters: false }]), /1 tested, none was shown/);
  });
});

describe("standingWords()", () => {
  const standing = (changes: Partial<Standing>): string | null =>
    standingWords({
      comparisons: [makeComparison({ ratio: 1.02, ciLow: 1 / 1.041, ciHigh: 1.041, blocks: 14 })],
      blocks: 14,
      looks: [14, 24, 40, 60],
      nextLook: 24,
      precision: null,
      secondsPerBlock: 4,
      need: (comparison) => {
        const width = halfWidth(comparison);
        const blocks = blocksForPrecision(comparison, comparison.blocks, 0.03);
        return width === null || blocks === null ? null : { width, blocks };
      },
      ...changes,
    });

  it("says where it stands and when it looks again", () => {
    assert.equal(standing({}), "off round trip p50 1.02x; next look at block 24");
    assert.equal(
      standing({ nextLook: 14, looks: [] }),
      "off round trip p50 1.02x; looked at when the time is up",
    );
    assert.equal(standing({ comparisons: [] }), null);
  });

  it("says how far a precision is and what it still takes, to the look that can end the run", () => {
    assert.match(
      standing({ precision: 0.03 }) ?? "",
      /^off round trip p50 ±4\.1 %, needs ±3 %: about 26 more blocks, 1:44 min; off round trip p50 1\.02x$/,
    );
    assert.match(
      standing({ precision: 0.03, looks: [14, 24] }) ?? "",
      /needs ±3 %: more than the 24 blocks planned/,
    );
  });
});
