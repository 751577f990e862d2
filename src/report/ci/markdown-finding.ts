/** Findings in Markdown: what was seen, why, and what to do, with what is to be pasted in a block of its own. */

import { escapeControls } from "../draw/plain-text.js";
import type { ShownFinding } from "../probe/probe-words.js";
import { fitLines } from "./fit-lines.js";
import { escapeMarkdown, fencedBlock } from "./markdown-text.js";

export interface MarkedFinding {
  /** Says what sort of finding it is. */
  readonly mark: string;
  readonly finding: Pick<ShownFinding, "id" | "title" | "evidence" | "cause" | "cure">;
}

/** Whole findings only: a block that is cut would not be closed. */
export function markdownFindings(findings: readonly MarkedFinding[], bytes: number): string[] {
  const written = findings.map((one) => findingLines(one).join("\n"));
  return fitLines(written, bytes, "further finding").flatMap((text) => text.split("\n"));
}

/** @param summary as it is to stand on the page */
export function folded(summary: string, lines: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];
}

function findingLines({ mark, finding }: MarkedFinding): string[] {
  const { id, title, evidence, cause, cure } = finding;
  const [first = "", ...pasted] = (cure ?? "").split("\n");
  return [
    `**${mark}** ${escapeMarkdown(`${title} (${id})`)}`,
    "",
    ...evidence.map((line) => `- ${escapeMarkdown(line)}`),
    ...(cause === null ? [] : [`- cause: ${escapeMarkdown(cause)}`]),
    ...(cure === null ? [] : [`- cure: ${escapeMarkdown(first)}`]),
    ...(pasted.length === 0 ? [] : ["", ...fencedBlock(pasted.map(escapeControls).join("\n")).split("\n")]),
    "",
  ];
}
