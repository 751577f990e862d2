/** A probe as a comment: the answer, its faults and warnings with cause and cure, and the whole report folded away. */
import type { ProbeDocument } from "../../results/probe-document.js";
import { fitLines } from "../ci/fit-lines.js";
import { folded, markdownFindings } from "../ci/markdown-finding.js";
import { escapeMarkdown, fencedBlock } from "../ci/markdown-text.js";
import { having, probeAnswer, probeCounts, probedWords } from "./probe-words.js";

/** GitHub takes 65,536 characters of one comment. */
const bytesMost = 65_000;
const findingsMost = 30_000;

/** @param report the probe as plain text */
export function renderProbeMarkdown(
  document: ProbeDocument,
  { report }: { readonly report: string },
): string {
  const { arm, findings, runId } = document;
  const marked = (["fault", "warning"] as const).flatMap((status) =>
    having(findings, status).map((finding) => ({ mark: status, finding })),
  );
  const head = [
    `### wsrally probe of ${escapeMarkdown(arm.name)}: ${probeCounts(findings)}`,
    "",
    escapeMarkdown(probeAnswer(findings)),
    "",
    escapeMarkdown(probedWords(document)),
    "",
    ...markdownFindings(marked, findingsMost),
  ];
  const room = bytesMost - Buffer.byteLength(head.join("\n"), "utf8") - 400;
  const lines = fitLines(report.trimEnd().split("\n"), room, "further line");
  const tail = folded(
    `The whole report, run ${escapeMarkdown(runId)}`,
    fencedBlock(lines.join("\n")).split("\n"),
  );
  return `${[...head, ...tail].join("\n").trimEnd()}\n`;
}
