import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { displayWidth } from "#wsrally/report/draw/plain-text.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { assertGolden } from "../golden.js";
import {
  equivalentDocument,
  failuresDocument,
  inconclusiveDocument,
  interruptedDocument,
  makeArm,
  makeComparison,
  makeCurve,
  makeDocument,
  makeTrial,
  matrixDocument,
  noLatency,
  oneArmDocument,
  ratesDocument,
  stalledDocument,
  worseDocument,
} from "../run-documents.js";

const documents: Readonly<Record<string, RunDocument>> = {
  equivalent: equivalentDocument,
  worse: worseDocument,
  inconclusive: inconclusiveDocument,
  failures: failuresDocument,
  interrupted: interruptedDocument,
  "one-arm": oneArmDocument,
  matrix: matrixDocument,
  rates: ratesDocument,
  stalls: stalledDocument(),
};

function render(document: RunDocument, width = 80, detail: "usual" | "full" = "usual"): string {
  const curves = document.arms.map(({ name }, i) => makeCurve(name, 121 * (1 + i * 0.1), 1 + i * 0.2));
  return renderTerminalReport(document, { width, colour: false, curves, detail });
}

describe("renderTerminalReport()", () => {
  it("says of memory that stays after the last close what it means, and of none that went nothing", () => {
    const withAfter = (rssBytesAfter: number): RunDocument => {
      const { proxyCost, ...trial } = makeTrial(0);
      if (proxyCost === null) throw new TypeError("The trial has no proxy");
      return makeDocument({
        arms: [makeArm("on", { trials: [{ ...trial, proxyCost: { ...proxyCost, rssBytesAfter } }] })],
        comparisons: [],
      });
    };
    const words = /most proxies keep what they had for what comes next/;
    assert.match(render(withAfter(22_000_000), 80, "full"), words);
    assert.doesNotMatch(render(withAfter(7_000_000), 80, "full"), words);
  });

  for (const [name, document] of Object.entries(documents)) {
    for (const width of [80, 120]) {
      it(`prints the ${name} run at ${width} columns as it was last looked at`, () => {
        assertGolden(`report-${name}-${width}`, render(document, width));
      });
    }
    it(`prints all of the ${name} run as it was last looked at`, () => {
      assertGolden(`report-${name}-full-80`, render(document, 80, "full"));
    });
  }

  it("says equivalent only of a verdict that is equivalent", () => {
    const [answer = ""] = render(inconclusiveDocument).split("\nRatios are");
    assert.doesNotMatch(answer, /equivalent/);
  });

  it("never turns no difference shown into no difference", () => {
    for (const document of Object.values(documents)) assert.doesNotMatch(render(document), /no difference/i);
  });

  it("prints no verdict word for a metric outside the scenario's list", () => {
    const outside = makeComparison({
      metric: "roundTrip.p90",
      verdict: "worse",
      ratio: 1.5,
      ciLow: 1.4,
      ciHigh: 1.6,
    });
    const text = render(makeDocument({ comparisons: [outside] }));
    assert.match(text, /round trip p90 +1\.50x +1\.40-1\.60 +- +not judged/);
    assert.doesNotMatch(text, /worse/);
  });

  it("shows a reason that it does not know as it is", () => {
    assert.match(render(failuresDocument), /moon-phase/);
  });

  it("leads with worse when another metric is better", () => {
    const comparisons = [
      makeComparison({ verdict: "better", ratio: 0.8, ciLow: 0.7, ciHigh: 0.9 }),
      makeComparison({ metric: "cpuUsPerMessage", verdict: "worse", ratio: 1.3, ciLow: 1.2, ciHigh: 1.4 }),
    ];
    const [first, second] = render(makeDocument({ comparisons })).split("\n");
    assert.equal(first, "off is worse than on: CPU a message 1.30x (1.20-1.40)");
    assert.equal(second, "  better: round trip p50 0.80x (0.70-0.90)");
  });

  it("draws no chart of one value, none of a curve without points, and none of zero throughput", () => {
    const silent = makeTrial(0, { throughputPerS: 0, latencyUs: { roundTrip: noLatency } });
    const document = makeDocument({ arms: [makeArm("on", { trials: [silent, { ...silent, block: 1 }] })] });
    const curves = [
      { arm: "on", series: "roundTrip", points: [{ percentile: 50, valueUs: 3 }] },
      { arm: "on", series: "connect", points: [] },
    ];
    const text = renderTerminalReport(document, { width: 80, colour: false, curves });
    assert.doesNotMatch(text, /Percentiles of|Throughput by block|NaN|Infinity/);
  });

  it("cuts a curve where fewer than ten values lie beyond it", () => {
    const trials = [makeTrial(0, { latencyUs: { roundTrip: { ...noLatency, count: 1000 } } })];
    const document = makeDocument({ arms: [makeArm("on", { trials })] });
    const text = renderTerminalReport(document, {
      width: 80,
      colour: false,
      detail: "full",
      curves: [makeCurve("on", 100)],
    });
    assert.match(text, / 0 % +50 +90 +99\n {2}─── on\n/);
  });

  it("tells five arms apart by drawing two panels", () => {
    const names = ["a", "b", "c", "d", "e"];
    const document = makeDocument({ arms: names.map((name) => makeArm(name)) });
    const curves = names.map((name, i) => makeCurve(name, 100 + i * 40));
    const text = renderTerminalReport(document, { width: 80, colour: false, detail: "full", curves });
    assert.match(text, /─── a {2}━━━ b {2}═══ c {2}··· d {2}▒▒▒ several at once\n/);
    assert.match(text, /─── e\n/);
  });

  it("has nothing but ASCII on request, in lines of the same width and with lines that differ", () => {
    const plain = (document: RunDocument, unicode: boolean): string[] =>
      renderTerminalReport(document, {
        width: 80,
        colour: false,
        unicode,
        detail: "full",
        curves: [makeCurve("tls", 90)],
      }).split("\n");
    for (const document of Object.values(documents)) {
      const [ascii, unicode] = [plain(document, false), plain(document, true)];
      assert.doesNotMatch(ascii.join("\n"), /[^\n\x20-\x7e]/);
      assert.deepEqual(ascii.map(displayWidth), unicode.map(displayWidth));
    }
    assert.match(plain(worseDocument, false).join("\n"), /p50 +tls +52\.2 us +12\.0 us +54\.8 us +#+%+\.+\n/);
  });

  it("says where more is, and has it there", () => {
    const lines = render(equivalentDocument).split("\n");
    assert.match(
      lines.at(-2) ?? "",
      /^More: wsrally report nginx-buffering-20260302-090000 --full, and report\.html$/,
    );
    const full = render(equivalentDocument, 80, "full");
    assert.match(full, /\n {2}upgrade +on +640 µs/);
    assert.match(full, /\nThroughput by block/);
    assert.doesNotMatch(full, /--full/);
  });

  it("shows each arm's file or URL, and how the load was found", () => {
    const scenario = equivalentDocument.scenario;
    const arms = ["nginx:deploy/old.conf", "wss://example.test/sock"].map((arm, i) => ({
      name: `arm${i}`,
      arm,
      set: {},
      group: "",
      workload: {
        connections: 10,
        loop: { kind: "closed" },
        message: { kind: "payload", bytes: 64, binary: true },
      },
    }));
    const text = render(makeDocument({ scenario: { ...scenario, arms }, arms: [] }), 80, "full");
    assert.match(text, /deploy\/old\.conf +closed loop/);
    assert.match(text, /wss:\/\/example\.test\/sock +closed loop/);
    assert.match(text, /10 connections, payloads of 64 B \(binary\)/);
  });
});
