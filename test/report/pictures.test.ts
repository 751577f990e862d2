import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cutInMiddle, displayWidth } from "#wsrally/report/draw/plain-text.js";
import { drawPoints } from "#wsrally/report/draw/point-plot.js";
import { shouldUseUnicode } from "#wsrally/report/draw/should-use-unicode.js";
import { armAxes } from "#wsrally/report/run/arm-axes.js";
import { renderCourse } from "#wsrally/report/run/course-section.js";
import { loadCurves } from "#wsrally/report/run/load-curve.js";
import { matrixGrids } from "#wsrally/report/run/matrix-grid.js";
import { timeCourse } from "#wsrally/report/run/time-course.js";
import { splitBars } from "#wsrally/report/run/time-split.js";
import { fc } from "../support/seeded-fast-check.js";
import {
  equivalentDocument,
  latency,
  makeArm,
  makeDocument,
  makeTrial,
  matrixDocument,
  ratesDocument,
  stalledDocument,
  worseDocument,
} from "./run-documents.js";

/** An arm whose uplink has these medians, block by block; backend and downlink stay at 10 and 20 µs. */
function splitArm(name: string, kind: string, uplinks: readonly number[]) {
  return makeArm(name, {
    proxy: { kind, version: null, configSha256: null, build: null, changes: [] },
    trials: uplinks.map((uplink, block) =>
      makeTrial(block, {
        latencyUs: {
          roundTrip: latency(100),
          uplink: latency(uplink),
          backend: latency(10),
          downlink: latency(20),
        },
      }),
    ),
  });
}

describe("splitBars()", () => {
  const direct = splitArm("floor", "direct", [10, 11, 12, 10, 11, 12, 11, 11]);

  it("takes the direct arm's medians from the proxy's, part by part", () => {
    const nginx = splitArm("nginx", "nginx", [30, 31, 33, 30, 31, 32, 31, 31]);
    const [bar, floor] = splitBars(makeDocument({ arms: [nginx, direct] }));
    assert.deepEqual(bar?.partsUs, { uplink: 31, backend: 10, downlink: 20 });
    assert.equal(bar?.added?.direct, "floor");
    assert.equal(bar?.added?.parts.uplink.differenceUs, 20);
    assert.equal(bar?.added?.parts.uplink.noise, "beyond");
    assert.equal(bar?.added?.parts.backend.noise, "within");
    assert.equal(floor?.added, null);
  });

  it("keeps the sign, and says when the blocks disagree or are too few", () => {
    const torn = splitArm("nginx", "nginx", [5, 30, 9, 15, 6, 16, 11, 10]);
    const few = splitArm("nginx", "nginx", [5, 5, 5]);
    const partOf = (arm: typeof torn) =>
      splitBars(makeDocument({ arms: [arm, direct] }))[0]?.added?.parts.uplink;
    assert.equal(partOf(torn)?.noise, "within");
    assert.deepEqual([partOf(few)?.noise, partOf(few)?.differenceUs], ["unknown", -6]);
  });

  it("takes nothing off where there is no direct arm in the same group, and has no bar without stamps", () => {
    const nginx = splitArm("nginx", "nginx", [30, 31]);
    const [bar] = splitBars(makeDocument({ arms: [nginx, { ...direct, group: "other" }] }));
    assert.equal(bar?.added, null);
    assert.deepEqual(splitBars(equivalentDocument), []);
  });
});

describe("matrixGrids()", () => {
  it("has loads down the rows, what is compared along the columns, and each ratio in its place", () => {
    const [grid, ...others] = matrixGrids(matrixDocument, "roundTrip.p50");
    assert.deepEqual(others, []);
    assert.deepEqual([grid?.rowAxis, grid?.columnAxis], ["payload", "proxy_buffer_size"]);
    assert.deepEqual(grid?.rows, ["64", "8000"]);
    assert.deepEqual(grid?.columns, ["4k", "1k", "16k"]);
    const ratios = grid?.cells.map((row) => row.map((cell) => cell?.comparison?.ratio ?? null));
    assert.deepEqual(ratios, [
      [null, 1.003, 1.003],
      [null, 1.71, 0.9],
    ]);
    assert.deepEqual(
      grid?.cells.map((row) => row.map((cell) => cell?.isBaseline)),
      [
        [true, false, false],
        [true, false, false],
      ],
    );
  });

  it("has a grid for every value of a third axis, and null where the matrix has no arm", () => {
    const { scenario } = matrixDocument;
    const arms = [100, 1000].flatMap((connections) =>
      scenario.arms.map((arm) => ({
        ...arm,
        name: `${arm.name}.${connections}`,
        workload: { ...arm.workload, connections },
      })),
    );
    const document = { ...matrixDocument, scenario: { ...scenario, arms: arms.slice(0, -1) } };
    const grids = matrixGrids(document, "roundTrip.p50");
    assert.deepEqual(
      grids.map(({ fixed, rowAxis }) => [rowAxis, fixed]),
      [
        ["connections", [["payload", "64"]]],
        ["connections", [["payload", "8000"]]],
      ],
    );
    assert.equal(grids[1]?.cells[1]?.[2], null);
  });

  it("is none for a list of arms", () => {
    assert.deepEqual(matrixGrids(worseDocument, "roundTrip.p50"), []);
    assert.equal(armAxes(equivalentDocument).axes.length, 1);
  });
});

describe("loadCurves()", () => {
  it("joins arms that differ in their rate alone, over the throughput they reached", () => {
    const { series, curves } = loadCurves(ratesDocument);
    assert.equal(series, "response");
    assert.deepEqual(
      curves.map(({ name, points }) => [name, points.map(({ throughputPerS }) => throughputPerS)]),
      [
        ["nginx", [1000, 5000, 15_000, 24_000]],
        ["direct", [1000, 5000, 15_000, 30_000]],
      ],
    );
    assert.deepEqual(loadCurves(equivalentDocument).curves, []);
  });
});

describe("timeCourse()", () => {
  it("places each trial at its start, whatever the order in the document", () => {
    const arm = makeArm("on", { trials: [makeTrial(2), makeTrial(0)] });
    const { series, spanS, blocks } = timeCourse(
      makeDocument({ arms: [arm, makeArm("late", { trials: [] })] }),
    );
    assert.deepEqual(
      series.map(({ points }) => points.map(({ atS, block }) => [atS, block])),
      [
        [
          [0, 0],
          [6.8, 2],
        ],
      ],
    );
    assert.deepEqual([spanS, blocks], [6.8, 2]);
  });

  it("is of what the verdict rests on, with the stalls of each trial", () => {
    const { latency: series, tail, series: arms } = timeCourse(stalledDocument());
    assert.deepEqual(
      [series, tail, arms[0]?.points[0]?.p50Us, arms[0]?.points[0]?.tailUs],
      ["wire", "steadyP99", 95, 300],
    );
    const stallsOf = (arm: number) =>
      arms[arm]?.points.flatMap(({ block, stalls, stallsSetAside }) =>
        stalls + stallsSetAside > 0 ? [[block, stalls, stallsSetAside]] : [],
      );
    assert.deepEqual([stallsOf(0), stallsOf(1)], [[[9, 0, 1]], [[4, 2, 0]]]);
    const older = timeCourse(equivalentDocument);
    assert.deepEqual([older.latency, older.tail], ["roundTrip", "p99"]);
  });

  it("stands in the terminal under the plots, own stalls as digits", () => {
    const page = { width: 80, paint: (_style: string, text: string): string => text };
    const lines = renderCourse(stalledDocument(), page);
    assert.match(lines[0] ?? "", /^Wire over the run/);
    const strips = lines.filter((line) => /^ +stalls /.test(line));
    assert.match(strips[0] ?? "", /^ +stalls +· +on$/);
    assert.match(strips[1] ?? "", /^ +stalls +2 +off$/);
    assert.match(lines.join(" "), /2 in all; .* 1 set aside/);
    assert.doesNotMatch(renderCourse(equivalentDocument, page).join("\n"), /stalls/);
  });
});

describe("drawPoints()", () => {
  const frame = {
    columns: 5,
    height: 2,
    xRange: [0, 4] as const,
    labelOf: String,
    labelWidth: 3,
    leastSpan: 0.2,
    isCount: false,
  };
  const none = (_style: string, text: string): string => text;

  it("marks each value in its column and row, those of two series together, and spoilt ones", () => {
    const at = (x: number, y: number, isSpoilt = false) => ({ x, y, isSpoilt });
    const rows = drawPoints(
      [
        { name: "a", points: [at(0, 1), at(2, 3), at(4, 1)] },
        { name: "b", points: [at(1, 2), at(4, 1), at(3, 3, true)] },
      ],
      frame,
      none,
    );
    assert.deepEqual(rows, ["  3┤  ●!", "  2┤ ×", "  1┤●   ▒"]);
  });

  it("takes a logarithmic scale for more than a factor of ten, and draws nothing of nothing", () => {
    const points = [1, 10, 100].map((y, x) => ({ x: 2 * x, y, isSpoilt: false }));
    assert.equal(drawPoints([{ name: "a", points }], frame, none)[1]?.slice(3), "┤  ●");
    assert.deepEqual(drawPoints([{ name: "a", points: [] }], frame, none), []);
  });

  it("draws counts from 0, where one that is 0 shows", () => {
    const points = [8, 0, 8].map((y, x) => ({ x: 2 * x, y, isSpoilt: false }));
    const rows = drawPoints([{ name: "a", points }], { ...frame, isCount: true }, none);
    assert.deepEqual(rows, ["  8┤●   ●", "  4┤", "  0┤  ●"]);
  });
});

describe("cutInMiddle()", () => {
  it("keeps both ends and the width", () => {
    assert.equal(cutInMiddle("nginx.size-1k.payload-64", 12), "nginx.…ad-64");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 3, max: 30 }), (text, width) => {
        assert.ok(displayWidth(cutInMiddle(text, width)) <= width);
      }),
    );
  });
});

describe("shouldUseUnicode()", () => {
  for (const [env, expected] of [
    [{}, true],
    [{ LANG: "en_US.UTF-8" }, true],
    [{ LANG: "C.utf8" }, true],
    [{ LANG: "C" }, false],
    [{ LANG: "en_US.UTF-8", LC_ALL: "POSIX" }, false],
    [{ LC_ALL: "", LC_CTYPE: "de_DE.ISO-8859-1", LANG: "en_US.UTF-8" }, false],
  ] as const) {
    it(`is ${expected} for ${JSON.stringify(env)}`, () => assert.equal(shouldUseUnicode(env), expected));
  }
});
