import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { gateDocuments, gated, gatePair, gateRegression } from "../gate-documents.js";
import {
  equivalentDocument,
  failuresDocument,
  inconclusiveDocument,
  interruptedDocument,
  makeDocument,
  matrixDocument,
  oneArmDocument,
  ratesDocument,
  worseDocument,
} from "../run-documents.js";
import { makeCapacityDocument, makeSoakDocument } from "../search-documents.js";
import { missedSlo } from "../slo-results.js";
import { attacks, hostileRun, makeStoredRun } from "./stored-runs.js";

const documents: Readonly<Record<string, RunDocument>> = {
  equivalent: equivalentDocument,
  worse: worseDocument,
  inconclusive: inconclusiveDocument,
  failures: failuresDocument,
  interrupted: interruptedDocument,
  "one-arm": oneArmDocument,
  matrix: matrixDocument,
  rates: ratesDocument,
  capacity: makeCapacityDocument(),
  soak: makeSoakDocument(),
  "gate that passed": gateDocuments.passed as RunDocument,
  "gate that measured a slowdown": gateDocuments.worse as RunDocument,
  "gate that its probes decided": gateDocuments.finding as RunDocument,
  "gate that cannot tell": gateDocuments.inconclusive as RunDocument,
  "without trials": makeDocument({ arms: [], status: "interrupted" }),
};

/** What a reader sees of the body, tags gone. */
function wordsOf(page: string): string {
  return page
    .slice(page.indexOf("<body>"))
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

describe("renderHtmlReport()", () => {
  for (const [name, document] of Object.entries(documents)) {
    describe(`of the ${name} run`, () => {
      const page = renderHtmlReport(makeStoredRun(document));

      it("has one h1, and headings that skip no level", () => {
        const levels = [...page.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
        assert.equal(levels.filter((level) => level === 1).length, 1);
        assert.ok(
          levels.every((level, i) => i === 0 || level <= (levels[i - 1] ?? 0) + 1),
          levels.join(" "),
        );
      });

      it("is one file of its own, small, and the same each time", () => {
        assert.doesNotMatch(page, /\b(?:src|srcset|action)=/);
        assert.ok([...page.matchAll(/\bhref="([^"]*)"/g)].every(([, target]) => target?.startsWith("#")));
        assert.ok(page.length < 600_000, `${page.length} bytes`);
        assert.equal(renderHtmlReport(makeStoredRun(document)), page);
      });

      it("allows its own script and style and nothing else", () => {
        const policy =
          /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replace(/&#39;/g, "'") ?? "";
        const digest = (text: string): string =>
          `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
        const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
        const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
        assert.equal(
          policy,
          `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; base-uri 'none'; form-action 'none'`,
        );
        assert.doesNotMatch(page, /<[a-z][^>]*\s(?:on[a-z]+|style)=/);
      });

      it("names every arm, warning and scenario", () => {
        const words = wordsOf(page);
        for (const { name: arm } of document.arms) assert.ok(words.includes(arm), arm);
        for (const { message } of document.warnings) assert.ok(words.includes(message), message);
        assert.ok(words.includes(document.scenario.name));
      });
    });
  }

  it("gives the verdict as its headline, in the terminal report's words", () => {
    const headline = (document: RunDocument): string =>
      /<h1[^>]*>([^<]*)</.exec(renderHtmlReport(makeStoredRun(document)))?.[1] ?? "";
    assert.equal(headline(equivalentDocument), "off is equivalent to on");
    assert.equal(headline(worseDocument), "2 comparisons: 1 worse, 1 better");
    assert.match(renderHtmlReport(makeStoredRun(worseDocument)), /class="sentence">\S+ is worse than \S+</);
    assert.match(headline(inconclusiveDocument), /is inconclusive/);
    assert.match(headline(matrixDocument), /^\d+ comparisons: /);
  });

  describe("of a gate", () => {
    const gatePage = (name: keyof typeof gateDocuments): string =>
      renderHtmlReport(makeStoredRun({ ...(gateDocuments[name] as RunDocument), slo: [missedSlo] }));

    for (const [name, outcome, style] of [
      ["passed", "passed", "green"],
      ["worse", "failed", "red"],
      ["finding", "failed", "red"],
      ["inconclusive", "inconclusive", "yellow"],
    ] as const) {
      it(`has the outcome in a word and a colour as its headline, then the reasons: ${name}`, () => {
        const page = gatePage(name);
        assert.ok(page.includes(`<div class="verdict ${style}"><h1>Gate: ${outcome}</h1>`));
        const words = wordsOf(page);
        const reasons = gateDocuments[name]?.gate?.reasons ?? [];
        assert.ok(reasons.length > 0);
        const places = [`Gate: ${outcome}`, ...reasons].map((text) => words.indexOf(text));
        assert.ok(
          places.every((place, i) => place > (places[i - 1] ?? -1)),
          places.join(),
        );
        assert.ok(words.includes("arm SLO median 95 % interval"), words);
        assert.ok(words.includes("of the budget of 120 s used"));
      });
    }

    it("shows each regression with what was seen, why, and what to do, and says that nothing is measured", () => {
      const words = wordsOf(gatePage("finding"));
      const wanted = [
        "Nothing is measured, for a functional regression decides.",
        "regression off: the upgrade is lost on its way to the backend",
        "client sent: Upgrade: websocket",
        "cause: nginx passes it on only when it is told to",
        "cure: proxy_set_header Upgrade $http_upgrade;",
        "in on: ok, Upgrade and Connection reach the backend",
        "+ proxy_buffering off;\\x1b[2J",
        "differ as well: tls/site.crt",
      ];
      for (const text of wanted) assert.ok(words.includes(text), text);
      assert.doesNotMatch(words, /No verdict|no trial was finished/);
    });

    it("tells what is new and fails nothing apart from what fails", () => {
      const advice = { ...gateRegression, id: "buffering" as const, title: "it is held up", fails: false };
      const pair = { ...gatePair, regressions: [{ ...advice, status: "warning" as const }, gateRegression] };
      const words = wordsOf(renderHtmlReport(makeStoredRun(gated(makeDocument({ arms: [] }), [pair], null))));
      assert.ok(words.includes("new in off, does not fail: it is held up (buffering)"));
      assert.ok(
        words.indexOf("warning, does not fail off: it is held up") > words.indexOf("regression off: "),
      );
    });

    it("has the measured verdicts below the outcome, and the noise", () => {
      const words = wordsOf(gatePage("worse"));
      assert.match(words, /What was measured off is worse than on round trip p99 1\.24x/);
      assert.match(words, /Noise trials of one config vary by/);
    });
  });

  it("has the SLOs of every run that had some, the missed ones first", () => {
    for (const document of [oneArmDocument, worseDocument, matrixDocument]) {
      const arm = document.arms[0]?.name ?? "";
      const met = { ...missedSlo, arm, expression: "failures == 0", status: "met" as const };
      const page = renderHtmlReport(makeStoredRun({ ...document, slo: [met, { ...missedSlo, arm }] }));
      assert.match(wordsOf(page.slice(0, page.indexOf("<nav"))), /SLO missed: \S+: response\.p99 < 20ms/);
      assert.match(page, /<section id="slos"[\s\S]*?>missed<[\s\S]*?response\.p99 &lt; 20ms[\s\S]*?>met</);
    }
  });

  it("says equivalent in no badge but that of an equivalent comparison", () => {
    const page = renderHtmlReport(makeStoredRun(inconclusiveDocument));
    const badges = [...page.matchAll(/class="badge [a-z]+">([a-z]+)</g)].map(([, word]) => word);
    const verdicts = inconclusiveDocument.comparisons.map(({ verdict }) => verdict);
    assert.ok(badges.length > 0);
    assert.ok(badges.every((badge) => verdicts.some((verdict) => verdict === badge)));
  });

  it("shows configs side by side, the changed word marked", () => {
    const page = renderHtmlReport(makeStoredRun(equivalentDocument));
    assert.match(page, /proxy_buffering <del>on<\/del>;/);
    assert.match(page, /proxy_buffering <ins>off<\/ins>;/);
    assert.doesNotMatch(page, /<(?:del|ins)>4000/);
  });

  it("writes texts from outside as texts", () => {
    const page = renderHtmlReport(hostileRun);
    assert.equal([...page.matchAll(/<script/g)].length, 2);
    assert.equal([...page.matchAll(/<\/script>/g)].length, 2);
    assert.doesNotMatch(page, /<img|<svg onload|<!--|<b>/);
    const words = wordsOf(page);
    for (const attack of attacks.filter((one) => /^[ -~]+$/.test(one)))
      assert.ok(words.includes(attack), attack);
  });
});
