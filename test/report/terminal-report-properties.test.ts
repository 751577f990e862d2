import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { displayWidth } from "#wsrally/report/draw/plain-text.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { Comparison } from "#wsrally/results/comparison-schema.js";
import { type ArmResult, type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { fc } from "../support/seeded-fast-check.js";
import { latency, makeArm, makeComparison, makeCurve, makeDocument, makeTrial } from "./run-documents.js";

/** Text as hostile as a log line can be: control codes, wide characters, long words. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "\u001b[2J\u001b[1;1H",
    "a\nb\r\tc",
    "日本語のログ",
    "\u202egnp.exe",
    "👩‍👩‍👧",
    "x".repeat(300),
    "",
    "$&",
  ),
);
const size = fc.oneof(
  fc.constantFrom(0, 1, 1e-9, 999.7, 1e15, Number.MAX_SAFE_INTEGER),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
);
const maybe = fc.option(size);
const whole = fc.nat({ max: 2 ** 31 });
const names = ["on", "off", "\u001b[31mred", "very-long-arm-name-".repeat(4)];
const name = fc.constantFrom(...names);

const summary = fc
  .record({ count: whole, p50: maybe, p99: maybe, p999: maybe, max: maybe })
  .map((changes) => ({ ...latency(100), ...changes }));

const trial = fc
  .record({
    block: fc.nat({ max: 70 }),
    engine: text,
    connections: fc.record({ requested: whole, opened: whole, failed: whole, held: whole }),
    throughputPerS: size,
    offeredPerS: maybe,
    latencyUs: fc.record({ roundTrip: summary, connect: summary }),
    failures: fc.array(
      fc.record({
        kind: fc.constantFrom("eof", "upgrade-status" as const),
        side: fc.constantFrom("proxy", "unknown" as const),
        count: whole.map((count) => count + 1),
        example: text,
      }),
      { maxLength: 3 },
    ),
    proxyCost: fc.option(
      fc.record({
        cpuUsPerMessage: maybe,
        cpuShare: maybe,
        rssBytes: fc.option(whole),
        rssBytesPerConnection: maybe,
      }),
    ),
    generator: fc.record({
      cpuShare: maybe,
      sendLagUsP99: maybe,
      healthy: fc.boolean(),
      reasons: fc.array(text, { maxLength: 2 }),
    }),
    proxyLog: fc.array(fc.record({ message: text, count: fc.constant(3) }), { maxLength: 2 }),
    disqualified: fc.boolean(),
    disqualifiedBecause: fc.array(text, { maxLength: 2 }),
  })
  .map((changes) => makeTrial(0, changes));

const arm: fc.Arbitrary<ArmResult> = fc
  .record({
    trials: fc.array(trial, { maxLength: 5 }),
    kind: text,
    version: fc.option(text),
    changes: fc.array(text),
  })
  .map(({ trials, kind, version, changes }) =>
    makeArm("", { trials, proxy: { kind, version, changes, configSha256: null, build: null } }),
  );

const comparison: fc.Arbitrary<Comparison> = fc
  .record({
    baseline: name,
    candidate: name,
    metric: fc.constantFrom("roundTrip.p50", "roundTrip.p999", "throughputPerS", "cpuUsPerMessage" as const),
    blocks: fc.nat({ max: 60 }),
    ratio: maybe,
    ciLow: maybe,
    ciHigh: maybe,
    margin: fc.constantFrom(0.001, 0.05, 1),
    verdict: fc.constantFrom("better", "worse", "equivalent", "inconclusive" as const),
    direction: fc.constantFrom("better", "worse", null),
    smallestEffect: maybe,
    blocksForMargin: maybe,
    reasons: fc.array(fc.oneof(text, fc.constantFrom("lost-trials", "not-measured", "too-few-blocks")), {
      maxLength: 2,
    }),
  })
  .map(makeComparison);

const run: fc.Arbitrary<RunDocument> = fc
  .record({
    status: fc.constantFrom("running", "complete", "interrupted", "failed" as const),
    runId: text,
    arms: fc
      .tuple(arm, arm, arm, arm)
      .map((arms) => arms.map((one, i) => ({ ...one, name: names[i] ?? "" }))),
    armCount: fc.nat({ max: 4 }),
    comparisons: fc.array(comparison, { maxLength: 5 }),
    warnings: fc.array(fc.record({ code: text, message: text }), { maxLength: 2 }),
    description: fc.option(text),
    directive: text,
  })
  .map(({ arms, armCount, description, directive, ...changes }) => {
    const document = makeDocument();
    const scenario = {
      ...document.scenario,
      description,
      arms: document.scenario.arms.map((one) => ({ ...one, set: { [directive]: directive } })),
    };
    return { ...document, ...changes, scenario, arms: arms.slice(0, armCount) };
  });

const width = fc.oneof(fc.integer({ min: 24, max: 200 }), fc.constantFrom(80, 120));

interface RenderOptions {
  readonly width: number;
  readonly colour: boolean;
  readonly detail?: "usual" | "full";
}

function render(document: RunDocument, options: RenderOptions): string {
  const curves = document.arms.map(({ name: armName }, i) => makeCurve(armName, 50 + i, 1 + i));
  return renderTerminalReport(document, { ...options, curves });
}

describe("renderTerminalReport(), whatever the run", () => {
  it("is fed documents that the schema allows", () => {
    fc.assert(
      fc.property(run, (document) => {
        runDocumentSchema.parse(document);
      }),
      { numRuns: 20 },
    );
  });

  it("writes no line wider than the page, no control character, and no number that is none", () => {
    fc.assert(
      fc.property(run, width, (document, columns) => {
        const screen = render(document, { width: columns, colour: false });
        assert.ok(screen.split("\n").length <= 40, screen);
        const report = screen + render(document, { width: columns, colour: false, detail: "full" });
        assert.doesNotMatch(report.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}]/u);
        assert.doesNotMatch(report, /NaN|Infinity|undefined|null|\[object/);
        for (const line of report.split("\n")) {
          assert.ok(displayWidth(line) <= columns, `${displayWidth(line)} > ${columns}: ${line}`);
          assert.equal(line, line.trimEnd());
        }
      }),
      { numRuns: 100 },
    );
  });

  it("says the same with colour as without", () => {
    fc.assert(
      fc.property(run, width, (document, columns) => {
        for (const detail of ["usual", "full"] as const) {
          const coloured = render(document, { width: columns, colour: true, detail });
          assert.equal(
            stripVTControlCharacters(coloured),
            render(document, { width: columns, colour: false, detail }),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});
