/**
 * Documents whose every text is out to harm, made of good ones: in every place that their schema leaves to a text stands one
 * of a stranger's.
 */

import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { z } from "zod";
import { fc } from "../support/seeded-fast-check.js";

/** What is told by a clock. */
const ownWords = /\.(startedAt|finishedAt)$/;

type Path = readonly (string | number)[];

/** Every string that may be another one, by the document's own schema. */
export function textPaths<Document>(document: Document, schema: z.ZodType<Document>): Path[] {
  const found: Path[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === "string") {
      if (!ownWords.test(path.map((part) => `.${part}`).join(""))) found.push(path);
    } else if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
    }
  };
  visit(document, []);
  return found.filter((path) => schema.safeParse(replaced(document, [path], () => "x\u001b<")).success);
}

/** The same text becomes the same everywhere, so that names still name what they named. */
function replaced<Document>(
  document: Document,
  paths: readonly Path[],
  by: (text: string) => string,
): Document {
  const copy = structuredClone(document);
  for (const path of paths) {
    let holder = copy as unknown as Record<string | number, unknown>;
    for (const part of path.slice(0, -1)) holder = holder[part] as typeof holder;
    const last = path.at(-1) as string | number;
    holder[last] = by(holder[last] as string);
  }
  return copy;
}

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

export interface Hostile<Document> {
  readonly document: Document;
  /** The same with words in place of the texts, on as many lines. */
  readonly clean: Document;
}

/** All places at once: each text of the document has a hostile one of its own. */
export function hostileVersions<Document>(
  documents: readonly Document[],
  schema: z.ZodType<Document>,
): fc.Arbitrary<Hostile<Document>> {
  const cases = documents.map((document) => ({ document, paths: textPaths(document, schema) }));
  return fc
    .tuple(fc.constantFrom(...cases), fc.array(hostile, { minLength: 6, maxLength: 12 }))
    .map(([{ document, paths }, texts]) => {
      const indices = new Map<string, number>();
      const indexOf = (text: string): number => {
        indices.set(text, indices.get(text) ?? indices.size);
        return indices.get(text) ?? 0;
      };
      const textOf = (text: string): string => `${texts[indexOf(text) % texts.length]}`;
      return {
        document: replaced(document, paths, (text) => textOf(text) + indexOf(text)),
        clean: replaced(document, paths, (text) => textOf(text).replace(/[^\n]+/g, "word") + indexOf(text)),
      };
    });
}

export const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Every element with the names of its attributes, and where its links lead. */
export function htmlShape(page: string): string[] {
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
