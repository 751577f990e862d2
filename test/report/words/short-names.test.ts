import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderMarkdown } from "#wsrally/report/ci/markdown-report.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import { namesLegend, runWithShortNames, withShortNames } from "#wsrally/report/words/short-names.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import type { ScenarioInput } from "#wsrally/scenario/scenario.js";
import { resolveAsWritten } from "../../support/resolve-as-written.js";
import { makeArm, makeComparison, makeDocument } from "../run-documents.js";

const matrix: ScenarioInput = {
  arms: [{ arm: "nginx", name: "nginx" }],
  direct: true,
  matrix: { proxy_buffering: ["on", "off"], worker_processes: ["1", "2"], payload: ["64", "8000"] },
  compare: { axis: "proxy_buffering" },
};

function documentOf(input: ScenarioInput, changes: Partial<RunDocument> = {}): RunDocument {
  const { arms, axes, pairs } = resolveAsWritten(input, { name: "m", overrides: {} });
  const base = makeDocument();
  return {
    ...base,
    scenario: {
      ...base.scenario,
      axes: axes.map(({ name, kind, values }) => ({ name, kind, values: [...values] })),
      pairs: pairs.map((pair) => ({ ...pair })),
      arms: arms.map(({ name, cell, group, target }) => ({
        name,
        arm: target.kind === "direct" ? "direct" : "nginx",
        set: {},
        group,
        cell: { ...cell },
        workload: {},
      })),
    } as RunDocument["scenario"],
    arms: arms.map(({ name }) => makeArm(name)),
    comparisons: pairs.map((pair) => makeComparison(pair)),
    ...changes,
  };
}

const namesOf = ({ arms }: RunDocument): string[] => arms.map(({ name }) => name);

describe("withShortNames()", () => {
  it("names the arms of a matrix by their values, directives before the load, and says so", () => {
    const short = withShortNames(documentOf(matrix));
    assert.deepEqual(namesOf(short), [
      ...["on 1 64", "on 2 64", "off 1 64", "off 2 64"],
      ...["on 1 8000", "on 2 8000", "off 1 8000", "off 2 8000"],
      ...["direct 64", "direct 8000"],
    ]);
    assert.equal(namesLegend(short), "arms by proxy_buffering, worker_processes, payload");
    assert.deepEqual(
      short.comparisons.map(({ baseline, candidate }) => `${candidate} / ${baseline}`),
      ["off 1 64 / on 1 64", "off 2 64 / on 2 64", "off 1 8000 / on 1 8000", "off 2 8000 / on 2 8000"],
    );
    assert.deepEqual(short.scenario.pairs[0], { baseline: "on 1 64", candidate: "off 1 64" });
  });

  it("leaves the document itself, and one that has short names already, as they are", () => {
    const document = documentOf(matrix);
    const before = structuredClone(document);
    const once = withShortNames(document);
    assert.deepEqual(document, before);
    assert.deepEqual(withShortNames(once), once);
    assert.equal(namesLegend(document), null);
  });

  it("says several arms by their names", () => {
    const arms = [
      { arm: "nginx" as const, name: "old" },
      { arm: "nginx" as const, name: "new" },
    ];
    const short = withShortNames(documentOf({ arms, matrix: { payload: ["64", "8000"] } }));
    assert.deepEqual(namesOf(short), ["old 64", "new 64", "old 8000", "new 8000"]);
    assert.equal(namesLegend(short), "arms by name, payload");
  });

  it("names what warnings tell of, the longer name before the one that it begins with", () => {
    const message = "nginx.proxy_buffering-on.payload-640 and nginx.proxy_buffering-on.payload-64: slow";
    const document = documentOf(
      { arms: ["nginx"], matrix: { proxy_buffering: ["on", "off"], payload: ["64", "640"] } },
      { warnings: [{ code: "x", message }] },
    );
    assert.equal(withShortNames(document).warnings[0]?.message, "on 640 and on 64: slow");
  });

  const kept: Readonly<Record<string, RunDocument>> = {
    "a run without a matrix": makeDocument(),
    "several arms without a matrix": documentOf({ arms: ["old=nginx", "new=nginx"] }),
    "a matrix of one point": documentOf({ arms: ["nginx"], matrix: { payload: ["64"] } }),
    "arms that their values do not tell apart": (() => {
      const document = documentOf(matrix);
      const arms = document.scenario.arms.map((arm) => ({ ...arm, cell: { payload: "64" } }));
      return { ...document, scenario: { ...document.scenario, arms } };
    })(),
  };
  for (const [what, document] of Object.entries(kept)) {
    it(`keeps the names of ${what}`, () => {
      assert.deepEqual(namesOf(withShortNames(document)), namesOf(document));
      assert.equal(namesLegend(withShortNames(document)), null);
    });
  }

  it("takes what lies beside the document along", () => {
    const document = documentOf(matrix);
    const full = namesOf(document)[0] ?? "";
    const run = runWithShortNames({
      document,
      histograms: new Map([[full, new Map()]]),
      configs: new Map([[full, "events {}"]]),
    });
    assert.deepEqual([...run.histograms.keys(), ...run.configs.keys()], ["on 1 64", "on 1 64"]);
  });
});

describe("the report of a large matrix", () => {
  const document = documentOf(matrix);
  const text = renderTerminalReport(document, { width: 80, colour: false });

  it("has its arms by their short names", () => {
    assert.doesNotMatch(text, /worker_processes-2/);
    assert.match(text, /^ +on 2 8000 +\d.*µs/m);
  });

  it("says everything where it is asked to", () => {
    const full = renderTerminalReport(document, { width: 80, colour: false, detail: "full" });
    assert.match(full, /^ +off 2 8000 +\d.*µs/m);
    assert.match(full, /a connection +active/);
    assert.match(full, /at backend/);
  });

  it("is short in a comment on a pull request as well", () => {
    const markdown = renderMarkdown(document, { report: text });
    assert.match(markdown, /^arms by proxy\\?_buffering/m);
    assert.match(markdown, /off 2 8000 \/ on 2 8000/);
  });
});
