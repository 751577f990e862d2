import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
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
    assert.match(headline(inconclusiveDocument), /can&#39;t tell/);
    assert.match(headline(matrixDocument), /^\d+ comparisons: /);
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
