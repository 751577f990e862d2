import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create } from "xmlbuilder2";
import { renderCsv } from "#wsrally/report/ci/csv-report.js";
import { renderJunit } from "#wsrally/report/ci/junit-report.js";
import { renderMarkdown } from "#wsrally/report/ci/markdown-report.js";
import { escapeMarkdown, fencedBlock } from "#wsrally/report/ci/markdown-text.js";
import { trialValues } from "#wsrally/report/ci/trial-values.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import { jsonText } from "#wsrally/report/words/json-text.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { fc } from "../support/seeded-fast-check.js";
import { assertGolden } from "./golden.js";
import {
  equivalentDocument,
  failuresDocument,
  inconclusiveDocument,
  interruptedDocument,
  makeArm,
  makeComparison,
  makeDocument,
  makeTraffic,
  makeTrial,
  oneArmDocument,
  worseDocument,
} from "./run-documents.js";
import { makeCapacityDocument, makeSoakDocument } from "./search-documents.js";

/** A run whose every text is out to harm. */
const evil = '\u001b[2J\u009b31m<script>&"\u0000]]>|`@team #1\u202e';
const hostileDocument: RunDocument = makeDocument({
  runId: evil,
  scenario: { ...worseDocument.scenario, name: evil, pairs: [{ baseline: evil, candidate: `=${evil}` }] },
  arms: [
    makeArm(evil),
    makeArm(`=${evil}`, {
      trials: [0, 1].map((block) =>
        makeTrial(block, {
          failures: [{ kind: "eof", side: "proxy", count: 2, example: evil }],
          disqualified: true,
          disqualifiedBecause: [evil, "=cmd"],
        }),
      ),
    }),
  ],
  comparisons: [makeComparison({ baseline: evil, candidate: `=${evil}`, verdict: "worse" })],
});

function markdown(document: RunDocument): string {
  const report = renderTerminalReport(document, { width: 100, colour: false, detail: "full" });
  return renderMarkdown(document, { report });
}

/** Fields of a CSV text, by RFC 4180's rules, written down here apart from the library that wrote it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/gy;
  for (let match = field.exec(text); match && field.lastIndex <= text.length; match = field.exec(text)) {
    const [, raw = "", end] = match;
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === "") break;
    if (end === "\r\n") rows.push([]);
  }
  assert.deepEqual(rows.pop(), [""]);
  return rows;
}

describe("renderCsv()", () => {
  it("has what an arm was sent besides its trials, in no block, its failures among it", () => {
    const burnIn = {
      ...makeTraffic(1000, 32_500),
      messages: { sent: 32_500, received: 32_400 },
      failures: [{ kind: "eof" as const, side: "proxy" as const, count: 7, example: "1006" }],
    };
    const document = makeDocument({ arms: [makeArm("on", { burnIn, trials: [makeTrial(0)] })] });
    const [header = [], ...rows] = parseCsv(renderCsv([document]));
    const besides = rows.filter((row) => row[header.indexOf("block")] === "");
    const values = new Map(
      besides.map((row) => [row[header.indexOf("metric")], row[header.indexOf("value")]]),
    );
    assert.deepEqual(
      [...values],
      [
        ["preflight.messages.sent", "1"],
        ["preflight.messages.received", "1"],
        ["preflight.connections.requested", "1"],
        ["preflight.connections.opened", "1"],
        ["preflight.connections.failed", "0"],
        ["burnIn.messages.sent", "32500"],
        ["burnIn.messages.received", "32400"],
        ["burnIn.connections.requested", "1000"],
        ["burnIn.connections.opened", "1000"],
        ["burnIn.connections.failed", "0"],
        ["burnIn.failures.eof.proxy", "7"],
      ],
    );
  });

  it("has one row for each trial and metric, of every run, and none for what was not measured", () => {
    const [header = [], ...all] = parseCsv(renderCsv([equivalentDocument, inconclusiveDocument]));
    const rows = all.filter((row) => row[header.indexOf("block")] !== "");
    const trials = [equivalentDocument, inconclusiveDocument].flatMap(({ arms }) =>
      arms.flatMap((arm) => arm.trials),
    );
    assert.equal(rows.length, trials.flatMap(trialValues).length);
    assert.ok(rows.every((row) => row.length === header.length && row[header.indexOf("value")] !== ""));
    const first = Object.fromEntries(header.map((name, i) => [name, rows[0]?.[i]]));
    assert.deepEqual(first, {
      run: "nginx-buffering-20260302-090000",
      scenario: "nginx-buffering",
      arm: "on",
      group: "",
      block: "0",
      position: "0",
      startedAt: "2026-03-02T09:00:00.000Z",
      metric: "roundTrip.count",
      unit: "count",
      value: "10000",
      disqualified: "false",
      disqualifiedBecause: "",
      step: "",
      outcome: "",
    });
  });

  it("has one row for each step and metric of a search, restarts included, and for each window of a soak", () => {
    const read = (document: RunDocument): Record<string, string>[] => {
      const [header = [], ...rows] = parseCsv(renderCsv([document]));
      return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
    };
    const document = makeCapacityDocument();
    const steps = document.capacity?.steps ?? [];
    const rows = read(document).filter(({ arm }) => arm === "queue");
    const p99 = rows.filter(({ metric, unit }) => metric === "response.p99" && unit === "us");
    assert.deepEqual(
      p99.map(({ block, step, disqualified }) => [block, step, disqualified]),
      steps.flatMap(({ kind, outcome, trial }, i) =>
        trial.latencyUs.response?.p99 == null ? [] : [[String(i), kind, String(outcome === "void")]],
      ),
    );
    const judged = rows.filter(({ metric, outcome }) => metric === "asked.ratePerS" && outcome !== "");
    assert.deepEqual(new Set(judged.map(({ outcome }) => outcome)), new Set(["pass", "fail", "void"]));
    assert.ok(judged.every(({ unit, step }) => unit === "1/s" && step === "search"));
    const back = rows.filter(({ metric }) => metric === "backMs.all");
    assert.deepEqual(
      back.map(({ step, unit, value }) => [step, unit, value]),
      [
        ["restart-at-once", "ms", "500"],
        ["restart-backoff", "ms", "500"],
      ],
    );
    const opened = rows.filter(({ step, metric }) => step === "opening" && metric === "perS");
    assert.deepEqual(
      opened.map(({ unit, value }) => [unit, value]),
      [2000, 2100, 2200].map((perS) => ["1/s", String(perS)]),
    );
    const windows = read(makeSoakDocument());
    assert.equal(windows.filter(({ metric, unit }) => metric === "rssBytes" && unit === "bytes").length, 40);
    assert.equal(windows.filter(({ metric }) => metric === "cpuUsPerMessage").length, 39);
    assert.deepEqual(
      windows.filter(({ metric }) => metric === "failures.eof").map(({ block, value }) => [block, value]),
      [["20", "1"]],
    );
  });

  it("has when a window was that does not count, and why, in its place among the others", () => {
    const document = makeSoakDocument();
    const { soak = assert.fail("no soak") } = document;
    const [first, second, ...others] = soak.windows;
    assert.ok(first !== undefined && second !== undefined);
    const reason = "Agent load-1 said something that did not come";
    const voidWindows = [{ atS: second.atS, durationS: second.durationS, reason }];
    const [header = [], ...rows] = parseCsv(
      renderCsv([{ ...document, soak: { ...soak, windows: [first, ...others], voidWindows } }]),
    );
    const cells = rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
    assert.deepEqual(
      cells
        .filter(({ block }) => block === "1")
        .map(({ metric, value, disqualified, disqualifiedBecause, step, outcome }) => ({
          ...{ metric, value, disqualified, disqualifiedBecause, step, outcome },
        })),
      Object.entries({ atS: second.atS, durationS: second.durationS }).map(([metric, value]) => ({
        ...{ metric, value: String(value), disqualified: "true", disqualifiedBecause: reason },
        ...{ step: "window", outcome: "void" },
      })),
    );
    assert.deepEqual(
      [...new Set(cells.map(({ block }) => Number(block)))],
      Array.from({ length: soak.windows.length }, (_, index) => index),
    );
  });

  it("names units by the metrics' names", () => {
    const units = new Map(
      trialValues(makeTrial(0, { failures: [{ kind: "eof", side: "proxy", count: 3, example: "" }] })).map(
        ({ metric, unit }) => [metric, unit],
      ),
    );
    for (const [metric, unit] of [
      ["roundTrip.p99", "us"],
      ["throughputPerS", "1/s"],
      ["cpuUsPerMessage", "us/message"],
      ["proxyCost.rssBytes", "bytes"],
      ["rssBytesPerConnection", "bytes/connection"],
      ["generator.sendLagUsP99", "us"],
      ["generator.cpuShare", "share"],
      ["durationS", "s"],
      ["connections.held", "count"],
      ["failures.eof.proxy", "count"],
    ] as const) {
      assert.equal(units.get(metric), unit, metric);
    }
  });

  it("keeps control characters and formulas out", () => {
    const text = renderCsv([hostileDocument]);
    assert.doesNotMatch(text.replaceAll("\r\n", ""), /[\p{Cc}\p{Cf}]/u);
    const arms = new Set(parseCsv(text).map((row) => row[2]));
    assert.ok([...arms].every((arm) => !arm?.startsWith("=")));
  });
});

describe("renderJunit()", () => {
  const casesOf = (document: RunDocument): string[] =>
    [...renderJunit(document).matchAll(/<testcase [^>]*name="([^"]*)">\s*<(\S+?)[ >]/g)].map(
      ([, name, outcome]) => `${name}: ${outcome}`,
    );

  it("fails what is worse, skips what can't be told, and passes the rest", () => {
    assertGolden("report-worse-junit", renderJunit(worseDocument));
    assert.deepEqual(casesOf(worseDocument).slice(0, 4), [
      "tls / plain: round trip p50: failure",
      "tls / plain: round trip p99: skipped",
      "tls / plain: CPU a message: failure",
      "direct / plain: round trip p50: system-out",
    ]);
  });

  it("passes an arm that keeps its SLO, fails one that keeps it at no load, and skips what is not known", () => {
    const name = "rate within response.mean &lt; 1ms and failures == 0";
    const unknown = { ratePerS: null, sloMet: null, others: [] };
    assert.deepEqual(casesOf(makeCapacityDocument()), [
      `queue: ${name}: system-out`,
      `other: ${name}: system-out`,
    ]);
    assert.deepEqual(casesOf(makeCapacityDocument({ ...unknown, sloMet: false })), [
      `queue: ${name}: failure`,
    ]);
    assert.deepEqual(casesOf(makeCapacityDocument(unknown)), [`queue: ${name}: skipped`]);
    const held = { value: 0, low: 0, high: 10, isAtLeast: false, isSettled: true, stoppedBy: null };
    assert.deepEqual(casesOf(makeCapacityDocument({ ...unknown, by: "connections", connections: held })), [
      "queue: connections held for 5 s: failure",
    ]);
    const soak = casesOf(makeSoakDocument());
    assert.equal(soak[0], "leaky: memory over the soak: system-out");
    assert.equal(soak.at(-1), "leaky: eof: failure");
  });

  it("fails kinds of failure that are the candidate's alone, and any of an arm that is compared with nothing", () => {
    const cases = casesOf(failuresDocument);
    assert.ok(cases.includes("on: failures: system-out"));
    assert.ok(cases.includes("off: eof: failure"));
    const both = {
      ...failuresDocument,
      arms: failuresDocument.arms.map((arm) => ({ ...arm, trials: failuresDocument.arms[1]?.trials ?? [] })),
    };
    assert.ok(casesOf(both).includes("off: eof: system-out"));
    const alone = { ...both, scenario: { ...both.scenario, pairs: [] } };
    assert.ok(casesOf(alone).includes("off: eof: failure"));
    assert.deepEqual(casesOf(oneArmDocument).length, oneArmDocument.arms.length);
  });

  it("says when a run did not come to its end", () => {
    assert.ok(casesOf(interruptedDocument).includes("run to its end: skipped"));
    assert.ok(casesOf({ ...interruptedDocument, status: "failed" }).includes("run to its end: error"));
  });

  it("is XML that a parser takes, with the counts it claims, whatever the names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const document = {
          ...hostileDocument,
          scenario: { ...hostileDocument.scenario, name },
          comparisons: [makeComparison({ baseline: name, candidate: `${evil}${name}` })],
        };
        const text = renderJunit(document);
        assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cs}]/u);
        const parsed = create(text).end({ format: "object" }) as { testsuites: Record<string, unknown> };
        const count = (pattern: RegExp): string => String([...text.matchAll(pattern)].length);
        assert.equal(parsed.testsuites["@tests"], count(/<testcase /g));
        assert.equal(parsed.testsuites["@failures"], count(/<failure /g));
      }),
      { numRuns: 50 },
    );
  });
});

describe("renderMarkdown()", () => {
  it("has the verdicts first, then a table, then everything folded away", () => {
    assertGolden("report-worse-markdown", markdown(worseDocument));
  });

  it("begins with what a search carries, or what a soak found", () => {
    assert.match(
      markdown(makeCapacityDocument()),
      /^### wsrally: .+\n\nqueue carries 9,\d{3} .+ over 1,000 connections within response.+\n- what stops it: /,
    );
    assert.match(markdown(makeSoakDocument()), /^### wsrally: .+\n\nleaky soaked for 20 s .+memory grows /);
  });

  it("stays within a comment, however many arms there are", () => {
    const names = Array.from({ length: 400 }, (_, i) => `candidate-µ-${i}`);
    const document = makeDocument({
      arms: ["on", ...names].map((name) => makeArm(name, { trials: [makeTrial(0)] })),
      comparisons: names.map((candidate) => makeComparison({ candidate })),
    });
    const text = markdown(document);
    assert.ok(Buffer.byteLength(text) < 65_536, String(Buffer.byteLength(text)));
    assert.match(text, /further verdicts left out for room\n/);
    assert.match(text, /further comparisons left out for room\n/);
    assert.match(text, /further lines left out for room\n```+\n\n<\/details>\n$/);
  });

  it("lets no text from outside format, mention, or become HTML", () => {
    const [answer = ""] = markdown(hostileDocument).split("<details>");
    assert.doesNotMatch(answer.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
    assert.doesNotMatch(answer.replaceAll("<!-- -->", "\0"), /<|@team|#1/);
  });
});

describe("escapeMarkdown()", () => {
  for (const [raw, escaped] of [
    ["a_b*c`d|e", "a\\_b\\*c\\`d\\|e"],
    ["<b>&amp;", "&lt;b&gt;&amp;amp;"],
    ["@team #12", "@<!-- -->team #<!-- -->12"],
    ["- item", "\\- item"],
    ["1. one", "1<!-- -->. one"],
    ["1.05x (0.9-1.1)", "1.05x (0.9-1.1)"],
    ["http://x www.x", "http<!-- -->://x www<!-- -->.x"],
    ["a\nb", "a\\\\nb"],
  ] as const) {
    it(`writes ${JSON.stringify(raw)} as ${JSON.stringify(escaped)}`, () => {
      assert.equal(escapeMarkdown(raw), escaped);
    });
  }
});

describe("fencedBlock()", () => {
  it("has a fence that no line within can close", () => {
    assert.equal(fencedBlock("a\n````\nb\n"), "`````text\na\n````\nb\n`````");
  });
});

describe("jsonText()", () => {
  it("is the same data, with nothing in it that a terminal would obey", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const json = jsonText({ text });
        assert.deepEqual(JSON.parse(json), { text });
        assert.doesNotMatch(json.replaceAll("\n", ""), /[\p{Cc}]/u);
      }),
    );
    assert.equal(jsonText({ a: "\u009b\u202e" }), '{\n  "a": "\\u009b\\u202e"\n}\n');
  });
});
