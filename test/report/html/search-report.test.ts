/** What the HTML report says of a search and of a soak, before a browser draws it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { capacityChart } from "#wsrally/report/html/capacity-data.js";
import { layOutLabels } from "#wsrally/report/html/lay-out-labels.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { soakChart } from "#wsrally/report/html/soak-data.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import type { Soak } from "#wsrally/results/soak-schema.js";
import { fc } from "../../support/seeded-fast-check.js";
import { leakBytesPerS, makeCapacity, makeCapacityDocument, makeSoakDocument } from "../search-documents.js";
import { attacks, makeStoredRun } from "./stored-runs.js";

const htmlOf = (document: RunDocument): string => renderHtmlReport(makeStoredRun(document));
const soakOf = ({ soak }: RunDocument): Soak => {
  assert.ok(soak !== undefined);
  return soak;
};

/** Rows of the table under a caption, without its head. */
function rowsUnder(page: string, caption: string): string[][] {
  const table = page.slice(page.indexOf(`<caption>${caption}</caption>`)).split("</table>")[0] ?? "";
  return [...(table.split("<tbody>")[1] ?? "").matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => cell),
  );
}

describe("capacityChart()", () => {
  const capacity = makeCapacity();
  const chart = capacityChart(capacity);

  it("has every step at its load, told apart by how it ended", () => {
    const charted = capacity.steps.filter(({ kind }) => kind === "search" || kind === "sweep");
    const [arm] = chart?.arms ?? [];
    assert.equal(arm?.steps.length, charted.length);
    assert.deepEqual(
      new Set(arm?.steps.map(({ outcome }) => outcome)),
      new Set(["kept", "missed", "measured", "void"]),
    );
    assert.ok(arm?.loads.every((load, i) => i === 0 || load > (arm.loads[i - 1] ?? 0)));
  });

  it("draws lines that never fall, by the steps that count", () => {
    const [arm] = chart?.arms ?? [];
    const mean = chart?.series.find(({ name }) => name === "response mean")?.arms[0];
    const only = arm?.loads.indexOf(12_000) ?? -1;
    assert.equal(mean?.fit[only], null);
    assert.ok((arm?.loads.length ?? 0) > 5 && mean?.fit.filter((one) => one === null).length === 1);
    const told =
      chart?.series.flatMap(({ arms }) => arms.map(({ fit }) => fit.filter((one) => one !== null))) ?? [];
    for (const fit of told)
      assert.deepEqual(
        fit,
        fit.toSorted((a, b) => a - b),
      );
  });

  it("marks the knee, the edge and the processor's limit, and the SLO's clause about a response", () => {
    const places = chart?.arms[0]?.places ?? [];
    assert.deepEqual(
      places.map(({ kind }) => kind),
      ["knee", "edge", "foretold"],
    );
    assert.ok(places.every(({ perS, low, high }) => low <= perS && perS <= high));
    assert.deepEqual(chart?.limits, [{ words: "response.mean < 1ms", series: "response mean", us: 1000 }]);
  });

  it("has a line for the percentile that the SLO is about", () => {
    const names = capacityChart(makeCapacity({ slo: ["response.p90 < 5ms"] }))?.series.map(
      ({ name }) => name,
    );
    assert.deepEqual(names, ["response p99", "response mean", "response p90", "wire p99"]);
  });

  it("is none for a search without loads", () => {
    assert.equal(capacityChart(makeCapacity({ steps: [], others: [] })), null);
  });
});

describe("soakChart()", () => {
  const soak = soakOf(makeSoakDocument());
  const lines = soakChart(soak)?.groups.flatMap((group) => group.lines) ?? [];

  it("lays an even leak's trend through its windows, and none through the settling tenth", () => {
    const memory = lines.find(({ metric }) => metric === "rssBytes");
    assert.match(memory?.trend?.words ?? "", /^memory grows 3\.35 GiB an hour/);
    assert.deepEqual(memory?.trend?.values.slice(0, 4), [null, null, null, null]);
    for (const [i, value] of (memory?.trend?.values ?? []).entries()) {
      const wanted = memory?.values[i] ?? 0;
      if (i >= 4)
        assert.ok(Math.abs((value ?? 0) - wanted) < leakBytesPerS / 1e3, `${i}: ${value} is not ${wanted}`);
    }
  });

  it("marks what happened to the proxy", () => {
    const events = [{ atS: 2.5, event: "reload" as const }];
    assert.deepEqual(soakChart({ ...soak, events })?.events, [{ atS: 2.5, name: "reload" }]);
    assert.deepEqual(soakChart(soak)?.events, []);
  });

  it("leaves out what was not measured", () => {
    const cpu = lines.find(({ metric }) => metric === "cpuUsPerMessage");
    assert.deepEqual(cpu?.values.slice(0, 2), [null, 9]);
    assert.equal(soakChart({ ...soak, windows: soak.windows.slice(0, 1) }), null);
  });
});

describe("the HTML report of a search", () => {
  const page = htmlOf(makeCapacityDocument());

  it("has the answer at its top, and a card for each sentence", () => {
    assert.match(page, /<h1 class="plain">Capacity of queue, other<\/h1>/);
    assert.match(page, /<p class="sentence">queue carries 9,467 messages\/s<\/p>/);
    assert.match(
      page,
      /<p class="sentence">other carries 1\.00x <span class="nowrap">\(0\.98-1\.02\)<\/span> of queue<\/p>/,
    );
    assert.match(page, /<strong>what stops it:<\/strong> at \d{1,2},\d{3}\/s, response/);
    const one = htmlOf(makeCapacityDocument({ others: [], ratios: [] }));
    assert.match(one, /<h1>queue carries 9,467 messages\/s<\/h1>/);
  });

  it("has its steps, marks, limits, costs, plan and storm in tables", () => {
    const steps = rowsUnder(page, "Steps of queue by load");
    assert.deepEqual(
      new Set(steps.map((row) => row.at(-1))),
      new Set(["kept", "missed", "measured", "void"]),
    );
    assert.ok(steps.every((row) => row.length === 5));
    const marked = rowsUnder(page, "Knee, edge and limit");
    assert.deepEqual(
      marked.slice(0, 3).map(([arm, mark]) => [arm, mark]),
      [
        ["queue", "knee"],
        ["queue", "SLO&#39;s edge"],
        ["queue", "proxy-cpu foretold"],
      ],
    );
    for (const id of ["capacity", "limits", "costs", "storm", "steps"]) {
      assert.match(page, new RegExp(`<section id="${id}"`), id);
    }
    assert.match(page, /For 200,000 connections at 1 msg\/s each/);
    assert.match(page, /not in 30 s/);
    assert.match(page, />upgrade p99</);
    assert.doesNotMatch(page, />TLS p/);
    assert.equal([...page.matchAll(/<svg class="stages"/g)].length, 3);
  });

  it("has none of what the run has not", () => {
    const bare = htmlOf(makeCapacityDocument({ steps: [], others: [], storm: null, plan: null, cost: null }));
    assert.doesNotMatch(bare, /<section id="(?:capacity|costs|storm|steps)"/);
  });

  it("writes names from outside as texts", () => {
    const all = attacks.join(" ");
    const capacity = makeCapacity();
    const hostile = htmlOf(
      makeCapacityDocument({
        arm: all,
        slo: [all, "response.p99 < 1ms"],
        steps: capacity.steps.map((step) => ({ ...step, because: attacks })),
      }),
    );
    assert.equal([...hostile.matchAll(/<script/g)].length, 2);
    assert.doesNotMatch(hostile, /<img|<svg onload|<!--|<b>/);
  });
});

describe("the HTML report of a soak", () => {
  const page = htmlOf(makeSoakDocument());

  it("says what grows at its top, and has every window in a table", () => {
    assert.match(page, /<div class="verdict red"><h1>leaky soaked for 20 s<\/h1>/);
    assert.match(page, /memory grows 3\.35 GiB an hour/);
    const windows = rowsUnder(page, "Windows");
    assert.equal(windows.length, 40);
    assert.deepEqual(windows[20]?.at(-1), "yes");
    assert.match(page, /closed after 12 messages/);
  });
});

describe("layOutLabels()", () => {
  it("lets no words meet, and none leave the chart", () => {
    const label = fc.record({
      at: fc.double({ min: -50, max: 700, noNaN: true }),
      width: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
        const placed = layOutLabels(labels, [0, 600]).map((one, i) => ({
          ...one,
          width: labels[i]?.width ?? 0,
        }));
        assert.equal(placed.length, labels.length);
        for (const [i, one] of placed.entries()) {
          assert.ok(one.left >= 0 && one.left + one.width <= 600);
          for (const other of placed.slice(i + 1).filter(({ row }) => row === one.row)) {
            assert.ok(other.left + other.width <= one.left || one.left + one.width <= other.left);
          }
        }
      }),
    );
  });

  it("keeps to one row where there is room", () => {
    const rows = layOutLabels(
      [100, 300, 500].map((at) => ({ at, width: 90 })),
      [0, 600],
    );
    assert.deepEqual(
      rows.map(({ row, left }) => [row, left]),
      [
        [0, 55],
        [0, 255],
        [0, 455],
      ],
    );
  });
});
