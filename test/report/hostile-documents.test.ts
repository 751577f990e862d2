/**
 * Whatever text stands in a run, in every place that one can stand: each report has the shape that it has with harmless
 * text, as a parser of its format sees it. The parsers are others than what wrote it.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { SaxesParser } from "saxes";
import { withoutCommands } from "#wsrally/commands/ci/guard-output.js";
import { annotationsOf } from "#wsrally/report/ci/annotations.js";
import { renderBadge } from "#wsrally/report/ci/badge.js";
import { renderCodeQuality } from "#wsrally/report/ci/code-quality-report.js";
import { renderCsv } from "#wsrally/report/ci/csv-report.js";
import { renderJunit } from "#wsrally/report/ci/junit-report.js";
import { renderMarkdown } from "#wsrally/report/ci/markdown-report.js";
import { renderOpenMetrics } from "#wsrally/report/ci/openmetrics-report.js";
import { remarksOf } from "#wsrally/report/ci/remarks.js";
import { escapeControls } from "#wsrally/report/draw/plain-text.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { Effect } from "#wsrally/results/effect-schema.js";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { commandsIn } from "../support/ci-log.js";
import { fc } from "../support/seeded-fast-check.js";
import { gateDocuments, gated, gatePair, gateRegression } from "./gate-documents.js";
import { hostileVersions, htmlShape, textPaths, unprintable } from "./hostile-texts.js";
import {
  failuresDocument,
  interruptedDocument,
  makeDocument,
  matrixDocument,
  worseDocument,
} from "./run-documents.js";
import { makeCapacityDocument, makeSoakDocument } from "./search-documents.js";
import { missedSlo } from "./slo-results.js";

const aa: RunDocument["aa"] = {
  arm: "on",
  again: "on-again",
  seconds: 63,
  blocks: 14,
  verdicts: { better: 0, worse: 1, equivalent: 2, inconclusive: 1 },
  metrics: [{ metric: "roundTrip.p50", ratio: 1.003, ciLow: 0.99, ciHigh: 1.01, smallestEffect: 0.023 }],
};

const effect: Effect = {
  metric: "cpuUsPerMessage",
  axis: "payload",
  from: "64",
  to: "8000",
  interactsWith: { axis: "proxy_buffering", from: "on", to: "off" },
  blocks: 14,
  cells: 4,
  ratio: 1.25,
  ciLow: 1.2,
  ciHigh: 1.3,
  p: 0.0001,
  adjustedP: 0.0006,
  matters: true,
  equalLoad: false,
};

const base: readonly RunDocument[] = [
  gateDocuments.worse as RunDocument,
  gated(
    makeDocument({ arms: [] }),
    [
      {
        ...gatePair,
        regressions: [
          { ...gateRegression, cure: "in `location /` at deploy/nginx.conf:17:\n  proxy_set_header A b;" },
          { ...gateRegression, id: "reload", status: "warning", fails: false },
        ],
      },
    ],
    null,
  ),
  gateDocuments.inconclusive as RunDocument,
  worseDocument,
  failuresDocument,
  interruptedDocument,
  matrixDocument,
  makeCapacityDocument(),
  makeSoakDocument(),
  makeDocument({ aa, effects: [effect], slo: [missedSlo] }),
].map((document) => ({
  ...document,
  warnings: [{ code: "busy", message: "the machine was busy" }],
  scenario: { ...document.scenario, description: "what it is about" },
}));

const cases = base.map((document) => ({ document, paths: textPaths(document, runDocumentSchema) }));
const hostileRun = hostileVersions(base, runDocumentSchema);

const locate = (): string => "deploy/nginx.conf";
const runs = { numRuns: Number(process.env.FC_RUNS ?? 60), includeErrorInReport: true };

function markdownOf(document: RunDocument): string {
  const report = renderTerminalReport(document, { width: 100, colour: false, detail: "full" });
  return renderMarkdown(document, { report });
}

describe("a run whose every text is out to harm", () => {
  it("is one in many places", () => {
    for (const { paths } of cases) assert.ok(paths.length > 15, String(paths.length));
    const all = cases.flatMap(({ paths }) => paths.map((path) => path.join(".")));
    for (const place of [
      /evidence/,
      /patch$/,
      /example$/,
      /arms\.\d\.name/,
      /otherFiles/,
      /cure$/,
      /environment/,
      /description/,
    ]) {
      assert.ok(
        all.some((path) => place.test(path)),
        String(place),
      );
    }
  });

  it("has no control character in a terminal but wsrally's own colours", () => {
    fc.assert(
      fc.property(hostileRun, fc.boolean(), ({ document }, colour) => {
        const text = renderTerminalReport(document, { width: 100, colour, detail: "full" });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of one
        const left = text.replace(/\u001b\[[\d;]*m/g, colour ? "" : "$&").replaceAll("\n", "");
        assert.doesNotMatch(left, unprintable);
        assert.deepEqual(commandsIn(withoutCommands(stripVTControlCharacters(text))), []);
      }),
      runs,
    );
  });

  it("has no element and no attribute in HTML that words would not have", () => {
    const cleanShapes = new Set(cases.flatMap(({ document }) => [...htmlShape(htmlOf(document))]));
    fc.assert(
      fc.property(hostileRun, ({ document, clean }) => {
        const page = htmlOf(document);
        const shapes = new Set([...cleanShapes, ...htmlShape(htmlOf(clean))]);
        for (const shape of htmlShape(page)) assert.ok(shapes.has(shape), shape);
        assert.doesNotMatch(page.replaceAll(/[\n\t]/g, ""), unprintable);
        for (const [, data = ""] of page.matchAll(
          /<script[^>]*type="application\/json"[^>]*>(.*?)<\/script>/gs,
        )) {
          // The page's script makes text of its strings.
          JSON.parse(data, (_key, value) => {
            if (typeof value === "string") assert.doesNotMatch(value.replaceAll(/[\n\t]/g, ""), unprintable);
            return value;
          });
        }
      }),
      { ...runs, numRuns: Math.ceil(runs.numRuns / 3) },
    );
  });

  it("has nothing in GitHub's Markdown but text", () => {
    fc.assert(
      fc.property(hostileRun, ({ document, clean }) => {
        const text = markdownOf(document);
        assert.doesNotMatch(text.replaceAll("\n", ""), unprintable);
        const shape = markdownShape(text);
        assert.deepEqual(shape.blocks, markdownShape(markdownOf(clean)).blocks);
        for (const words of shape.texts) assert.doesNotMatch(words, /(^|\W)@\w|(^|\W)#\d|\bGH-\d/i, words);
      }),
      runs,
    );
  });

  it("is JUnit of XML 1.0 with the cases that it has with words", () => {
    fc.assert(
      fc.property(hostileRun, ({ document, clean }) => {
        assert.deepEqual(xmlShape(renderJunit(document)), xmlShape(renderJunit(clean)));
      }),
      runs,
    );
  });

  it("is CSV with as many fields in every row, none a formula", () => {
    fc.assert(
      fc.property(hostileRun, ({ document, clean }) => {
        const [rows, cleanRows] = [document, clean].map((one) => parseCsv(renderCsv([one])));
        assert.equal(rows?.length, cleanRows?.length);
        for (const row of rows ?? []) {
          assert.equal(row.length, rows?.[0]?.length);
          for (const field of row) assert.doesNotMatch(field, /^[=+@]|^-(?![\d.])/);
          assert.doesNotMatch(row.join(""), unprintable);
        }
      }),
      runs,
    );
  });

  it("gives GitHub as many commands as remarks, Code Quality as many issues, and a badge its words", () => {
    fc.assert(
      fc.property(hostileRun, ({ document, clean }) => {
        const commands = annotationsOf(remarksOf(document, locate));
        assert.equal(commands.length, annotationsOf(remarksOf(clean, locate)).length);
        for (const command of commands) {
          assert.match(command, /^::(error|warning) (file=[^:,]*,line=\d+,)?title=[^:,]*::/);
          assert.doesNotMatch(command, unprintable);
        }
        const issues = renderCodeQuality(document, locate);
        assert.equal(JSON.parse(issues).length, JSON.parse(renderCodeQuality(clean, locate)).length);
        assert.equal(renderBadge(document), renderBadge(clean));
        for (const text of [issues, renderBadge(document)])
          assert.deepEqual(commandsIn(withoutCommands(text)), []);
      }),
      runs,
    );
  });

  it("has its names back from OpenMetrics", async () => {
    await fc.assert(
      fc.asyncProperty(hostileRun, async ({ document, clean }) => {
        const read = parseMetrics(await renderOpenMetrics(document));
        const plain = parseMetrics(await renderOpenMetrics(clean));
        assert.deepEqual(read.map(shapeOfSample), plain.map(shapeOfSample));
        for (const { labels } of read) assert.equal(labels.scenario, escapeControls(document.scenario.name));
      }),
      runs,
    );
  });
});

function htmlOf(document: RunDocument): string {
  // A config as it ran holds whatever a line of it says.
  const texts = document.arms.map(
    ({ name, proxy }) => [name, `# ${name}\n${proxy.version ?? ""}\n`] as const,
  );
  return renderHtmlReport({ document, histograms: new Map(), configs: new Map(texts) });
}

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** Headings, lists, tables by their cells, blocks, and HTML as it is; text by itself. */
function markdownShape(text: string): { blocks: string[]; texts: string[] } {
  const tree = fromMarkdown(text, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  }) as MarkdownNode;
  const blocks: string[] = [];
  const texts: string[] = [];
  const visit = ({ type, value = "", children = [] }: MarkdownNode): void => {
    if (type === "text") texts.push(value);
    else if (type === "html") {
      // What breaks a mention up, and the names within our own summaries.
      if (value !== "<!-- -->")
        blocks.push(`html ${value.replace(/(<summary>The whole report, run ).*(<\/summary>)$/s, "$1$2")}`);
    } else blocks.push(type);
    for (const child of children) visit(child);
  };
  visit(tree);
  return {
    blocks: blocks.filter((block, i) => block !== "paragraph" || blocks[i - 1] !== "paragraph"),
    texts,
  };
}

function xmlShape(text: string): string[] {
  const shape: string[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => shape.push(`${name} ${Object.keys(attributes)}`));
  for (const event of ["comment", "cdata", "processinginstruction", "doctype"] as const) {
    parser.on(event, () => shape.push(event));
  }
  parser.write(text).close();
  return shape;
}

/** By RFC 4180. */
function parseCsv(text: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  let end = 0;
  for (let match = field.exec(text); match !== null && match[0] !== ""; match = field.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] !== ",") rows.push([]);
    end = field.lastIndex;
  }
  assert.equal(end, text.length);
  return rows.slice(0, -1);
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

function shapeOfSample({ name, labels }: Sample): string {
  return `${name} ${Object.keys(labels)}`;
}

/** By the grammar of OpenMetrics 1.0. */
function parseMetrics(text: string): Sample[] {
  assert.ok(text.endsWith("# EOF\n"));
  const lines = text.split("\n").slice(0, -2);
  return lines
    .filter((line) => !/^# (HELP|TYPE|UNIT) [a-z_]+ [^\r\n]*$/.test(line) && line !== "")
    .map((line) => {
      const [, name = "", inside = ""] =
        /^([a-z_]+)\{(.*)\} [-+.\dea-zA-Z]+$/s.exec(line) ?? assert.fail(line);
      const labels: Record<string, string> = {};
      const label = /([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;
      let end = 0;
      for (let match = label.exec(inside); match !== null; match = label.exec(inside)) {
        labels[match[1] ?? ""] = (match[2] ?? "").replace(/\\(.)/g, (_whole, mark: string) =>
          mark === "n" ? "\n" : mark,
        );
        end = label.lastIndex;
      }
      assert.equal(end, inside.length, line);
      return { name, labels };
    });
}
