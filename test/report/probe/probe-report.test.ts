import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderProbeReport } from "#wsrally/report/probe/probe-report.js";
import { assertGolden } from "../golden.js";
import { makeFinding, makeProbe, mixedProbe } from "../probe-documents.js";

describe("renderProbeReport()", () => {
  it("has faults first, then warnings, what was not tested by reason, and one line of what is well", () => {
    const wide = { width: 200, colour: false };
    assertGolden("probe-report-80", renderProbeReport(mixedProbe, { ...wide, detail: "usual" }));
    assertGolden("probe-report-full-80", renderProbeReport(mixedProbe, { ...wide, detail: "full" }));
  });

  for (const [findings, first] of [
    [[], "WebSockets get through: no fault found"],
    [
      [makeFinding("limit-req", "warning", { title: "a limit" })],
      "WebSockets get through; to be looked at: a limit",
    ],
    [
      [makeFinding("upstream", "warning", { title: "nobody is there" })],
      "WebSockets get through to wsrally's backend; nobody is there",
    ],
    [
      [makeFinding("cookies", "fault", { title: "no cookies" }), makeFinding("limit-req", "warning")],
      "WebSockets get through, with a fault: no cookies",
    ],
    [
      [
        makeFinding("cookies", "fault", { title: "no cookies" }),
        makeFinding("path", "fault", { title: "wrong path" }),
      ],
      "WebSockets do not get through: wrong path",
    ],
  ] as const) {
    it(`answers in its first line: ${first}`, () => {
      const text = renderProbeReport(makeProbe([...findings]), { width: 80, colour: false, detail: "usual" });
      assert.equal(text.split("\n")[0], first);
    });
  }

  it("keeps to narrow pages, and colours only when it may", () => {
    const narrow = renderProbeReport(mixedProbe, { width: 40, colour: false, detail: "full" });
    for (const line of narrow.split("\n")) assert.ok(line.length <= 40, line);
    assert.ok(!narrow.includes("\u001b"));
    assert.ok(
      renderProbeReport(mixedProbe, { width: 80, colour: true, detail: "usual" }).includes("\u001b[31mFAULT"),
    );
  });
});
