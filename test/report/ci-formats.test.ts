import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withoutCommands } from "#wsrally/commands/ci/guard-output.js";
import { annotationsOf } from "#wsrally/report/ci/annotations.js";
import { renderBadge } from "#wsrally/report/ci/badge.js";
import { renderCodeQuality } from "#wsrally/report/ci/code-quality-report.js";
import { renderJunit } from "#wsrally/report/ci/junit-report.js";
import { renderMarkdown } from "#wsrally/report/ci/markdown-report.js";
import { renderOpenMetrics } from "#wsrally/report/ci/openmetrics-report.js";
import { type Remark, remarksOf } from "#wsrally/report/ci/remarks.js";
import { jsonText } from "#wsrally/report/words/json-text.js";
import { changedLines } from "#wsrally/results/changed-lines.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { commandsIn } from "../support/ci-log.js";
import { fc } from "../support/seeded-fast-check.js";
import { gateDocuments, gated, gatePair, gateRegression } from "./gate-documents.js";
import { failuresDocument, makeComparison, makeDocument, worseDocument } from "./run-documents.js";
import { missedSlo as slo } from "./slo-results.js";

const { passed, worse, finding, inconclusive } = gateDocuments as Record<
  "passed" | "worse" | "finding" | "inconclusive",
  RunDocument
>;

/** As if the repository held this file alone. */
const locate = (file: string): string | null => (file === "deploy/nginx.conf" ? file : null);

/** Pieces that commands are made of. */
const hostileText = fc
  .array(
    fc.constantFrom(
      ":",
      "::",
      "#",
      "##",
      "[",
      "]",
      "vso[",
      "error",
      "set-output name=x",
      " ",
      "\t",
      "\u0085",
      "\r",
      "\n",
      "\\",
      '"',
      "x",
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

describe("withoutCommands()", () => {
  it("leaves nothing that a CI service would obey, and all else as it is", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        assert.deepEqual(commandsIn(withoutCommands(text)), []);
        assert.equal(withoutCommands(text).replaceAll(" ", ""), text.replaceAll(" ", ""));
      }),
      { numRuns: 2000 },
    );
    for (const text of ["a::b::c", "nginx: [emerg] x", "# comment", "p50 1.02x", "\u001b[31m x"]) {
      assert.equal(withoutCommands(text), text);
    }
    assert.equal(withoutCommands(" ::error::x\n##[group]y"), " : :error::x\n# #[group]y");
  });

  it("finds nothing in JSON, whose data must stay", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = jsonText({ [text]: [text] });
        assert.equal(withoutCommands(json), json);
        assert.deepEqual(JSON.parse(json), { [text]: [text] });
      }),
    );
  });
});

describe("changedLines()", () => {
  const patch = (...lines: readonly string[]): string =>
    `===================================================================\n--- a\n+++ b\n${lines.join("\n")}\n`;
  for (const [name, lines, expected] of [
    ["a line changed", ["@@ -4,3 +4,3 @@", " x", "-y", "+z", " w"], [5]],
    ["lines taken out", ["@@ -4,3 +4,1 @@", " x", "-y", "-z"], [5]],
    [
      "two stretches and two hunks",
      ["@@ -1,3 +1,5 @@", "+n", " a", " b", "+c", " d", "@@ -20,2 +21,2 @@", "-e", "+f", " g"],
      [1, 4, 21],
    ],
    ["a file that is new", ["@@ -0,0 +1,1 @@", "+n"], [1]],
    ["a file that is gone", ["@@ -1,1 +0,0 @@", "-n"], [1]],
  ] as const) {
    it(`says where the new file begins to differ: ${name}`, () => {
      assert.deepEqual(changedLines(patch(...lines)), expected);
    });
  }
});

describe("remarksOf()", () => {
  it("puts a slowdown on the line that was changed, an error for each cause", () => {
    const remarks = remarksOf(worse, locate);
    assert.deepEqual(
      remarks.map(({ level, check, place }) => ({ level, check, place })),
      [{ level: "error", check: "roundTrip.p99", place: { file: "deploy/nginx.conf", line: 2 } }],
    );
    assert.match(remarks[0]?.message ?? "", /round trip p99 of off is 1\.24x/);
  });

  it("puts a finding on the line that its cure names, before all others", () => {
    const cure = "in `location /` at deploy/nginx.conf:17:\n  proxy_set_header Upgrade $http_upgrade;";
    const regressions = [
      { ...gateRegression, fails: false, status: "warning" as const },
      { ...gateRegression, id: "reload" as const, cure, evidence: ["sent to 127.0.0.1:8080"] },
    ];
    const document = gated(makeDocument({ arms: [] }), [{ ...gatePair, regressions }], null);
    assert.deepEqual(
      remarksOf(document, locate).map(({ level, check, place }) => [level, check, place?.line]),
      [
        ["error", "reload", 17],
        ["warning", "upgrade-headers", 2],
      ],
    );
  });

  it("warns of what is inconclusive, and has nothing to say of what passed", () => {
    assert.deepEqual(remarksOf(passed, locate), []);
    const [open] = remarksOf(inconclusive, locate);
    assert.equal(open?.level, "warning");
    assert.match(open?.message ?? "", /too noisy to judge/);
  });

  it("says of a run what is worse as a warning, and a missed SLO as an error, of the config's first line", () => {
    const arms = worseDocument.scenario.arms.map((arm) => ({ ...arm, arm: "nginx:deploy/nginx.conf" }));
    const document = {
      ...worseDocument,
      scenario: { ...worseDocument.scenario, arms },
      slo: [{ ...slo, arm: arms[0]?.name ?? "" }],
    };
    const remarks = remarksOf(document, locate);
    assert.deepEqual([remarks[0]?.level, remarks[0]?.check, remarks[0]?.place?.line], ["error", "slo", 1]);
    assert.ok(remarks.slice(1).every(({ level }) => level === "warning"));
    assert.ok(remarks.length > 1);
  });
});

describe("annotationsOf()", () => {
  const remark: Remark = {
    level: "error",
    check: "x",
    about: "y",
    title: "50 %: a,b",
    message: "first\r\nsecond: 50 %, c",
    place: { file: "a,b:c.conf", line: 3 },
  };

  it("escapes what would end a property or the message", () => {
    assert.deepEqual(annotationsOf([remark]), [
      "::error file=a%2Cb%3Ac.conf,line=3,title=50 %25%3A a%2Cb::first%0D%0Asecond: 50 %25, c",
    ]);
    assert.deepEqual(annotationsOf([{ ...remark, place: null, title: "t", message: "m" }]), [
      "::error title=t::m",
    ]);
  });

  it("makes one command of one remark, whatever it says, and ten at most", () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (title, message, file) => {
        const [command = "", ...others] = annotationsOf([
          { ...remark, title, message, place: { file, line: 1 } },
        ]);
        assert.deepEqual(others, []);
        assert.deepEqual(command.match(/[\r\n]/), null);
        assert.deepEqual(/^::error file=[^,:]*,line=1,title=[^,:]*::/.exec(command)?.index, 0);
      }),
    );
    assert.equal(annotationsOf(Array(10).fill(remark)).length, 10);
    const many = annotationsOf(Array(25).fill(remark));
    assert.equal(many.length, 10);
    assert.match(many[9] ?? "", /::16 further remarks/);
  });
});

describe("renderCodeQuality()", () => {
  it("has what GitLab asks for, and a fingerprint that the line does not change", () => {
    const issues = JSON.parse(renderCodeQuality(finding, locate));
    assert.equal(issues.length, 1);
    const [{ description, check_name, fingerprint, severity, location }] = issues;
    assert.match(description, /the upgrade is lost/);
    assert.equal(check_name, "wsrally/upgrade-headers");
    assert.match(fingerprint, /^[0-9a-f]{64}$/);
    assert.equal(severity, "major");
    assert.deepEqual(location, { path: "deploy/nginx.conf", lines: { begin: 2 } });
    const moved = gated(
      makeDocument({ arms: [] }),
      [{ ...gatePair, regressions: [{ ...gateRegression, cure: "at deploy/nginx.conf:9" }] }],
      null,
    );
    const [after] = JSON.parse(renderCodeQuality(moved, locate));
    assert.equal(after.location.lines.begin, 9);
    assert.equal(after.fingerprint, fingerprint);
    assert.equal(renderCodeQuality(passed, locate), "[]\n");
    assert.equal(JSON.parse(renderCodeQuality(worse, () => null))[0].location.path, worse.scenario.name);
  });
});

describe("renderBadge()", () => {
  const rows: readonly [document: RunDocument, message: string, color: string][] = [
    [passed, "passed", "brightgreen"],
    [worse, "failed", "red"],
    [inconclusive, "inconclusive", "yellow"],
    [worseDocument, "worse", "red"],
    [makeDocument({ comparisons: [] }), "measured", "lightgrey"],
    [makeDocument({ comparisons: [], slo: [slo] }), "SLO missed", "red"],
    [{ ...worseDocument, status: "interrupted" }, "interrupted", "lightgrey"],
  ];
  for (const [document, message, color] of rows) {
    it(`says ${message} in ${color}`, () => {
      const { schemaVersion, ...badge } = JSON.parse(renderBadge(document));
      assert.equal(schemaVersion, 1);
      assert.deepEqual([badge.message, badge.color], [message, color]);
    });
  }
});

/** OpenMetrics 1.0: a sample's line, its labels' values escaped. */
const sampleLine = /^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (\S+)$/;

describe("renderOpenMetrics()", () => {
  it("holds gauges in base units alone, each declared before its samples, and ends in # EOF", async () => {
    const text = await renderOpenMetrics({ ...worse, slo: [slo] });
    const lines = text.trimEnd().split("\n");
    assert.equal(lines.pop(), "# EOF");
    const declared = new Set<string>();
    for (const line of lines.filter((one) => one !== "")) {
      const [, type] = /^# TYPE (\S+) gauge$/.exec(line) ?? [];
      if (type !== undefined) declared.add(type);
      if (line.startsWith("#")) continue;
      const [, name = "", , value] = sampleLine.exec(line) ?? [];
      assert.ok(declared.has(name), line);
      assert.ok(Number.isFinite(Number(value)), line);
    }
    for (const [pattern, value] of [
      [/^wsrally_gate_outcome\{scenario="\S+",outcome="failed"\} (\S+)$/m, 1],
      [/^wsrally_slo_status\{.*slo="response\.p99 < 20ms",status="missed"\} (\S+)$/m, 1],
      [/^wsrally_comparison_ratio\{.*metric="roundTrip\.p99",bound="estimate"\} (\S+)$/m, 1.24],
    ] as const) {
      assert.equal(Number(pattern.exec(text)?.[1]), value, String(pattern));
    }
    const p50 = Number(
      /^wsrally_latency_seconds\{.*arm="on",series="roundTrip",quantile="0\.5"\} (\S+)$/m.exec(text)?.[1],
    );
    assert.ok(p50 > 100e-6 && p50 < 140e-6, `${p50} s`);
  });

  it("counts failures by kind and side, and has no sample of what was not measured", async () => {
    const text = await renderOpenMetrics(failuresDocument);
    assert.match(text, /^wsrally_failures\{.*arm="off",kind="eof",side="proxy"\} \d+$/m);
    const empty = await renderOpenMetrics(makeDocument({ arms: [], comparisons: [] }));
    assert.doesNotMatch(empty, /latency|comparison|gate/);
  });

  it("lets no name break out of its label", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (name) => {
        const text = await renderOpenMetrics(
          makeDocument({ comparisons: [makeComparison({ candidate: name })] }),
        );
        for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
          assert.match(line, sampleLine);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("a gate as Markdown", () => {
  it("says the outcome, why and the regressions before all else, and folds advice and changes away", () => {
    const advice = { ...gateRegression, id: "buffering" as const, status: "warning" as const, fails: false };
    const document = gated(
      makeDocument({ arms: [] }),
      [{ ...gatePair, regressions: [advice, gateRegression] }],
      null,
    );
    const text = renderMarkdown({ ...document, slo: [slo] }, { report: "the report" });
    assert.match(
      text,
      /^### wsrally gate of nginx-buffering: failed\n\n- off: the upgrade is lost on its way to the backend/,
    );
    const order = [
      "- new in off, does not fail: the upgrade is lost on its way to the backend (buffering)",
      "Nothing is measured, for a functional regression decides.",
      "**regression** off: the upgrade is lost",
      "backend received: no Upgrade",
      "cure: ",
      "| SLO |",
      "<summary>New, and fails nothing: 1 finding<",
      "**warning** off: ",
      "<summary>What changed: 2 files<",
      "+    proxy_buffering off;\\x1b[2J",
      "<summary>The whole report",
    ];
    const places = order.map((part) => text.indexOf(part));
    assert.ok(
      places.every((place, i) => place > (places[i - 1] ?? -1)),
      places.join(),
    );
    assert.equal(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
  });

  it("leaves whole findings out where there is no room, so that every block is closed", () => {
    const cure = `in \`http\`:\n${"  proxy_read_timeout 1h;\n".repeat(20)}`;
    const regressions = Array(300).fill({ ...gateRegression, cure });
    const text = renderMarkdown(gated(makeDocument({ arms: [] }), [{ ...gatePair, regressions }], null), {
      report: "the report",
    });
    const fences = text.match(/^```\w*$/gm) ?? [];
    assert.deepEqual(
      fences.map((fence) => fence === "```"),
      fences.map((_, i) => i % 2 === 1),
    );
    assert.match(text, /further findings left out for room/);
  });

  it("stays within a comment, whatever a pull request changes", () => {
    const line = "+@everyone <img src=x onerror=alert(1)> ```` \u202e\n";
    const patch = `--- a\n+++ b\n@@ -0,0 +1,9999 @@\n${line.repeat(9999)}`;
    const pair = {
      ...gatePair,
      diff: [{ file: "x", patch }],
      regressions: Array(300).fill({ ...gateRegression, title: "@x <b>" }),
    };
    const text = renderMarkdown(gated(makeDocument({ arms: [] }), [pair], null), {
      report: "r\n".repeat(40_000),
    });
    assert.ok(Buffer.byteLength(text) < 65_536, `${Buffer.byteLength(text)} bytes`);
    assert.doesNotMatch(text, /[\u202e]/);
    const outside = text.replace(/^(`{3,})\w+\n[\s\S]*?^\1$/gm, "");
    assert.doesNotMatch(outside, /<img|<b>|@x/);
    assert.equal(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
  });
});

describe("a gate as JUnit", () => {
  const casesOf = (document: RunDocument): Map<string, string> =>
    new Map(
      [...renderJunit(document).matchAll(/<testcase [^>]*name="([^"]*)">\s*<(\S+?)[ >]/g)].map(
        ([, name = "", outcome = ""]) => [name, outcome],
      ),
    );

  it("has cases for the outcome, each finding and each SLO", () => {
    const unknown = {
      ...slo,
      expression: "p50 < 1ms",
      status: "unknown" as const,
      reason: "too-close" as const,
    };
    const cases = casesOf({ ...finding, slo: [slo, unknown] });
    assert.equal(cases.get("gate"), "failure");
    assert.equal(cases.get("off: upgrade-headers"), "failure");
    assert.equal(cases.get("off: response.p99 &lt; 20ms"), "failure");
    assert.equal(cases.get("off: p50 &lt; 1ms"), "skipped");
    assert.equal(casesOf(inconclusive).get("gate"), "skipped");
    assert.equal(casesOf(passed).get("gate"), "system-out");
  });

  it("begins with the outcome, and skips a measurement that did not take place, saying why", () => {
    const text = renderJunit({ ...finding, status: "interrupted" });
    assert.equal(
      text.indexOf("<testcase"),
      text.indexOf('<testcase classname="wsrally.nginx-buffering" name="gate"'),
    );
    assert.match(text, /<skipped message="Nothing is measured, for a functional regression decides\."/);
    assert.equal(casesOf(worse).has("measurement"), false);
  });

  it("fails nothing that the gate does not fail for", () => {
    const { gate } = worse;
    assert.ok(gate);
    const slower = "off / on: round trip p99";
    assert.equal(casesOf(worse).get(slower), "failure");
    const exceeds = { ...worse, gate: { ...gate, outcome: "passed" as const, causes: [] } };
    assert.equal(casesOf(exceeds).get(slower), "system-out");
  });
});
