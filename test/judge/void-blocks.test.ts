/** When a run ends because nothing of it counts, and what is said of why. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runWarnings } from "#wsrally/judge/series/run-warnings.js";
import { voidBlocks } from "#wsrally/judge/void-blocks.js";
import { voidCause } from "#wsrally/judge/void-cause.js";
import type { TrialResult } from "#wsrally/results/trial-schema.js";
import { makeArm, makeDocument, makeTrial } from "../report/run-documents.js";

/** A trial a letter: sound, out by its own doing, out by the machine's, out by both. */
function trialsOf(letters: string): TrialResult[] {
  const reasons: Readonly<Record<string, string[]>> = {
    ".": [],
    x: ["connections-not-opened"],
    m: ["sends-late"],
    b: ["sends-late", "connections-lost"],
  };
  return [...letters].map((letter, block) => {
    const disqualifiedBecause = reasons[letter] ?? [];
    return makeTrial(block, { disqualified: disqualifiedBecause.length > 0, disqualifiedBecause });
  });
}

function documentOf(on: string, off: string | null, plannedBlocks = 26) {
  const arms = [
    makeArm("on", { trials: trialsOf(on) }),
    ...(off === null ? [] : [makeArm("off", { trials: trialsOf(off) })]),
  ];
  const document = makeDocument({ arms, comparisons: [] });
  const pairs = off === null ? [] : [{ baseline: "on", candidate: "off" }];
  const plan = {
    blocks: plannedBlocks,
    looks: [14],
    fractions: [1],
    alpha: 0.01,
    alphaEq: 0.05,
    minBlocks: 8,
  };
  return { ...document, plan, scenario: { ...document.scenario, pairs } };
}

describe("voidBlocks()", () => {
  const rows: readonly (readonly [
    what: string,
    on: string,
    off: string | null,
    streak: number | null,
    planned?: number,
  ])[] = [
    ["one block that is lost", "x", "x", null],
    ["two in a row", "xx", "xx", 2],
    ["two that are not in a row", "x.x", "x.x", null],
    ["two after a good one", ".xx", ".bx", 2],
    ["two of one arm alone", "..", "xx", null],
    ["two that the machine had a part in", "xm", "xx", null],
    ["two that the machine alone lost", "mm", "mm", null],
    ["five of which no pair is complete", ".....", "xxxxx", 5],
    ["five of either side in turn", "x.x.x", ".x.x.", 5],
    ["five that the machine lost", "mmmmm", "mmmmm", 5],
    ["five of far more, which may still be enough", "mmmmm", "mmmmm", null, 100],
    ["four of them", "mmmm", "mmmm", null],
    ["five before a good one", "mmmmm.", "mmmmm.", null],
    ["two of the only arm", "xx", null, 2],
    ["none", "...", "...", null],
  ];
  for (const [what, on, off, streak, planned] of rows) {
    it(`${streak === null ? "goes on after" : "ends after"} ${what}`, () => {
      assert.equal(voidBlocks(documentOf(on, off, planned)), streak);
    });
  }
});

const failure = {
  kind: "upgrade-status",
  side: "proxy",
  count: 6,
  example: "HTTP 503",
  cause: "a limit on connections",
  causeId: "limit-conn",
} as const;

describe("voidCause()", () => {
  it("takes the failure that most trials are out for, and not what came of it", () => {
    const lost = (changes: Partial<TrialResult>, block: number): TrialResult =>
      makeTrial(block, {
        disqualified: true,
        disqualifiedBecause: ["sends-late", "connections-not-opened"],
        ...changes,
      });
    const cause = voidCause([
      makeArm("on", { trials: [lost({ failures: [failure] }, 0), lost({ failures: [failure] }, 1)] }),
      makeArm("off", { trials: [lost({ disqualifiedBecause: ["processor-stolen"] }, 0), makeTrial(1)] }),
    ]);
    assert.deepEqual(cause, {
      words: "a limit on connections",
      cure: "fewer --connections, or a higher limit",
      isMachine: false,
      count: 2,
      arms: ["on"],
      out: 3,
      trials: 4,
    });
  });

  it("says what a failure without a cause means, and a reason without a failure", () => {
    const { causeId: _id, cause: _cause, ...bare } = failure;
    const rows: readonly (readonly [Partial<TrialResult>, string])[] = [
      [
        { disqualifiedBecause: ["connections-not-opened"], failures: [bare] },
        "the answer to the handshake was not 101",
      ],
      [{ disqualifiedBecause: ["proxy-reloaded"] }, "the proxy was reloaded"],
      [{ disqualifiedBecause: ["sends-late"] }, "sends fell far behind their schedule"],
      [{ disqualifiedBecause: ["moon-phase"] }, "moon-phase"],
    ];
    for (const [changes, words] of rows) {
      const trials = [makeTrial(0, { disqualified: true, ...changes })];
      assert.equal(voidCause([makeArm("on", { trials })])?.words, words);
    }
    assert.equal(voidCause([makeArm("on", { trials: [makeTrial(0)] })]), null);
  });
});

describe("the warnings of a run that nothing counts of", () => {
  it("say why it ended, once, and ask for no more time", () => {
    const document = { ...documentOf("xx", "xx"), status: "complete" } as const;
    const arms = document.arms.map((arm) => ({
      ...arm,
      trials: arm.trials.map((trial) => ({ ...trial, failures: [failure] })),
    }));
    const warnings = runWarnings({ ...document, arms });
    const codes = warnings.map(({ code }) => code);
    assert.deepEqual(
      codes.filter((code) => ["void-blocks", "too-few-blocks"].includes(code)),
      ["void-blocks"],
    );
    assert.match(
      warnings.find(({ code }) => code === "void-blocks")?.message ?? "",
      /nothing of the last 2 blocks counts, so the run ended with what it had: a limit on connections\. Against it: fewer --connections/,
    );
    const out = warnings.filter(({ code }) => code === "trials-disqualified");
    assert.equal(out.length, 2);
    for (const { message } of out) assert.match(message, /most for this: a limit on connections/);
    for (const { message } of warnings) assert.doesNotMatch(message, /lower the load|--max-seconds/);
  });
});
