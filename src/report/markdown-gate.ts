/** A gate on a pull request: the outcome and its reasons first, then its findings and the config's changes, folded away. */
import type { GatePair, GateResult, Regression } from "../results/gate-schema.js";
import { fitLines } from "./fit-lines.js";
import { formatNumberOf } from "./format.js";
import { escapeMarkdown, fencedBlock } from "./markdown-text.js";
import { escapeControls } from "./plain-text.js";

export function markdownGateTitle({ outcome }: GateResult, scenario: string): string {
  const name = scenario === "gate" ? "" : ` of ${escapeMarkdown(scenario)}`;
  return `### wsrally gate${name}: ${outcome}`;
}

export function markdownGateReasons({ reasons }: GateResult): string[] {
  return ["", ...reasons.map((reason) => `- ${escapeMarkdown(reason)}`)];
}

/** @param bytesEach what the findings and the changes may take, each */
export function markdownGateDetails({ pairs }: GateResult, bytesEach: number): string[] {
  const findings = pairs.flatMap((pair) =>
    pair.regressions.map((one) => ({ ...one, candidate: pair.candidate })),
  );
  const files = pairs.flatMap(({ diff }) => diff);
  const others = pairs.flatMap(({ otherFiles }) => otherFiles);
  return [
    ...(findings.length === 0
      ? []
      : folded(
          formatNumberOf(findings.length, "finding"),
          fitLines(findings.flatMap(findingLines), bytesEach, "further line"),
        )),
    ...(files.length === 0 && others.length === 0
      ? []
      : folded(`What changed: ${formatNumberOf(files.length + others.length, "file")}`, [
          ...(files.length === 0 ? [] : fencedBlock(patchText(pairs, bytesEach), "diff").split("\n")),
          ...others.map((name) => `- ${escapeMarkdown(name)} differs as well`),
        ])),
  ];
}

function folded(summary: string, lines: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];
}

function findingLines(finding: Regression & { readonly candidate: string }): string[] {
  const { id, candidate, title, evidence, cause, cure, fails, status } = finding;
  const [first = "", ...pasted] = (cure ?? "").split("\n");
  return [
    `**${fails ? "regression" : status}** ${escapeMarkdown(`${candidate}: ${title} (${id})`)}`,
    "",
    ...evidence.map((line) => `- ${escapeMarkdown(line)}`),
    ...(cause === null ? [] : [`- cause: ${escapeMarkdown(cause)}`]),
    ...(cure === null ? [] : [`- cure: ${escapeMarkdown(first)}`]),
    ...(pasted.length === 0 ? [] : ["", ...fencedBlock(pasted.map(escapeControls).join("\n")).split("\n")]),
    "",
  ];
}

/** Cut before it is fenced, so that the fence always closes. */
function patchText(pairs: readonly GatePair[], bytes: number): string {
  const lines = pairs
    .flatMap(({ diff }) => diff.flatMap(({ patch }) => patch.trimEnd().split("\n")))
    .filter((line) => !/^=+$/.test(line))
    .map((line) => escapeControls(line.replaceAll("\t", "    ")));
  return fitLines(lines, bytes, "further line").join("\n");
}
