/**
 * Whatever text stands in a run, in every place that one can stand: each report has the shape that it has with harmless
 * text, as a parser of its format sees it. The parsers are others than what wrote it.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { SaxesParser } from "saxes";
import { withoutCommands } from "#wsrally/commands/ci/guard-output.js";
import { annotationsOf } from "#wsrally/report/annotations.js";
import { renderBadge } from "#wsrally/report/badge.js";
import { renderCodeQuality } from "#wsrally/report/code-quality-report.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { renderJunit } from "#wsrally/report/junit-report.js";
import { renderMarkdown } from "#wsrally/report/markdown-report.js";
import { renderOpenMetrics } from "#wsrally/report/openmetrics-report.js";
import { escapeControls } from "#wsrally/report/plain-text.js";
import { remarksOf } from "#wsrally/report/remarks.js";
import { renderTerminalReport } from "#wsrally/report/terminal-report.js";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { commandsIn } from "../support/ci-log.js";
import { gateDocuments, gated, gatePair, gateRegression } from "./gate-documents.js";
import { failuresDocument, interruptedDocument, makeDocument, worseDocument } from "./run-documents.js";

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
].map((document) => ({
  ...document,
  warnings: [{ code: "busy", message: "the machine was busy" }],
  scenario: { ...document.scenario, description: "what it is about" },
}));

/** What wsrally itself says by a fixed word, and what is told by a clock or a digest. */
const ownWords =
  /\.(startedAt|finishedAt|configSha256|schemaVersion|metric|operator|unit|verdict|status|outcome|kind|side|code|id|engine|url)$|^\.tool\.|\.metrics\.\d+$|\.reasons\.\d+$|\.causes\./;
const isReason = /^\.gate\.reasons\.\d+$/;

type Path = readonly (string | number)[];

/** Every string that may be another one, by the document's own schema. */
function textPaths(document: RunDocument): Path[] {
  const found: Path[] = [];
  const visit = (value: unknown, path: Path): void => {
    const name = path.map((part) => `.${part}`).join("");
    if (typeof value === "string") {
      if (!ownWords.test(name) || isReason.test(name)) found.push(path);
    } else if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
    }
  };
  visit(document, []);
  return found.filter(
    (path) => runDocumentSchema.safeParse(replaced(document, [path], () => "x\u001b<")).success,
  );
}

/** The same text becomes the same everywhere, so that names still name what they named. */
function replaced(document: RunDocument, paths: readonly Path[], by: (text: string) => string): RunDocument {
  const copy = structuredClone(document);
  for (const path of paths) {
    let holder = copy as unknown as Record<string | number, unknown>;
    for (const part of path.slice(0, -1)) holder = holder[part] as typeof holder;
    const last = path.at(-1) as string | number;
    holder[last] = by(holder[last] as string);
  }
  return copy;
}

const cases = base.map((document) => ({ document, paths: textPaths(document) }));

const pieces = [
  "\u001b[31m",
  "\u001b]8;;http://x\u0007",
  "\u009b2J",
  "\u0000",
  "\u0008",
  "\r",
  "\n",
  "\n\n",
  "\t",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ufeff",
  "\ud800",
  "\udfff",
  "\ufffe",
  "</script><script>",
  "]]>",
  "<![CDATA[",
  "<!--",
  "-->",
  "--",
  "<img src=x onerror=alert(1)>",
  '"><b x="',
  "' onload='",
  "&lt;b&gt;",
  "&#60;b>",
  "\n::error::x",
  "::stop-commands::x",
  "##[error]x",
  "##vso[task.x]",
  "##teamcity[x]",
  "%0A",
  "%",
  "`",
  "``",
  "```",
  "````````",
  "~~~",
  "\n```\n",
  "|",
  "\n|-|-|\n",
  "\\",
  "\\|",
  "@team",
  "x@y.zz",
  "mailto:x@y.zz",
  "#1",
  "GH-1",
  "!1",
  "a/b#2",
  "[x](javascript:alert(1))",
  "![x](http://x/y)",
  "[^1]",
  "[ ] ",
  "<http://x>",
  "http://x.yy/",
  "HTTPS://x.yy",
  "www.x.yy",
  "xmpp:a@b.cc",
  "ftp://x.yy",
  "\n# x",
  "# ",
  "- ",
  "+ ",
  "* ",
  "1. ",
  "1) ",
  "> ",
  "\n===\n",
  "\n---\n",
  "    x",
  "***x***",
  "__x__",
  "_www.x.yy",
  "_https://x.yy",
  "~x~",
  "~~x~~",
  "$x$",
  ":smile:",
  "</details>",
  "<details>",
  "=cmd",
  "a",
  " ",
  "x_y",
  "wsrally_",
  "日本",
  "👩‍👩‍👧",
  "x".repeat(200),
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

interface Hostile {
  readonly document: RunDocument;
  /** The same with words in place of the texts, on as many lines. */
  readonly clean: RunDocument;
}

/** All places at once: each text of the document has a hostile one of its own. */
const hostileRun: fc.Arbitrary<Hostile> = fc
  .tuple(fc.constantFrom(...cases), fc.array(hostile, { minLength: 6, maxLength: 12 }))
  .map(([{ document, paths }, texts]) => {
    const indices = new Map<string, number>();
    const indexOf = (text: string): number => {
      indices.set(text, indices.get(text) ?? indices.size);
      return indices.get(text) ?? 0;
    };
    const evil = (text: string): string => `${texts[indexOf(text) % texts.length]}${indexOf(text)}`;
    return {
      document: replaced(document, paths, evil),
      clean: replaced(
        document,
        paths,
        (text) => `${texts[indexOf(text) % texts.length]}`.replace(/[^\n]+/g, "word") + indexOf(text),
      ),
    };
  });

const locate = (): string => "deploy/nginx.conf";
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const runs = { numRuns: Number(process.env.FC_RUNS ?? 60), includeErrorInReport: true };

function markdownOf(document: RunDocument): string {
  return renderMarkdown(document, { report: renderTerminalReport(document, { width: 100, colour: false }) });
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
        const text = renderTerminalReport(document, { width: 100, colour });
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

/** Every element with the names of its attributes, and where its links lead. */
function htmlShape(page: string): string[] {
  const shapes: string[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("tagName" in node) {
      const names = node.attrs.map(({ name }) => name).sort();
      const links = node.attrs
        .filter(({ name }) => /^(href|src|action)$/.test(name))
        .map(({ value }) => value.replace(/^#.*/s, "#"));
      shapes.push(`${node.tagName} ${names} ${links}`);
    }
    if (node.nodeName === "#comment") shapes.push("comment");
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(page));
  return shapes;
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
