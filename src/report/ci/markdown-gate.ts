/**
 * A gate on a pull request: the outcome, its reasons and its regressions first; then what fails nothing and the config's
 * changes, folded away.
 */
import type { GatePair, GateResult, Regression } from "../../results/gate-schema.js";
import { escapeControls } from "../draw/plain-text.js";
import { unmeasuredWords } from "../gate/gate-section.js";
import { formatNumberOf } from "../words/format.js";
import { fitLines } from "./fit-lines.js";
import { folded, type MarkedFinding, markdownFindings } from "./markdown-finding.js";
import { escapeMarkdown, fencedBlock } from "./markdown-text.js";

export function markdownGateTitle({ outcome }: GateResult, scenario: string): string {
  const name = scenario === "gate" ? "" : ` of ${escapeMarkdown(scenario)}`;
  return `### wsrally gate${name}: ${outcome}`;
}

export function markdownGateReasons(gate: GateResult): string[] {
  const unmeasured = unmeasuredWords(gate);
  return [
    "",
    ...gate.reasons.map((reason) => `- ${escapeMarkdown(reason)}`),
    ...(unmeasured === null ? [] : ["", escapeMarkdown(unmeasured)]),
  ];
}

/** What fails the gate, with what was seen, why, and what to do. */
export function markdownGateRegressions({ pairs }: GateResult, bytes: number): string[] {
  return markdownFindings(
    foundIn(pairs, ({ fails }) => fails),
    bytes,
  );
}

/** @param bytesEach what the findings that fail nothing and the changes may take, each */
export function markdownGateDetails({ pairs }: GateResult, bytesEach: number): string[] {
  const advice = foundIn(pairs, ({ fails }) => !fails);
  const files = pairs.flatMap(({ diff }) => diff);
  const others = pairs.flatMap(({ otherFiles }) => otherFiles);
  return [
    ...(advice.length === 0
      ? []
      : folded(
          `New, and fails nothing: ${formatNumberOf(advice.length, "finding")}`,
          markdownFindings(advice, bytesEach),
        )),
    ...(files.length === 0 && others.length === 0
      ? []
      : folded(`What changed: ${formatNumberOf(files.length + others.length, "file")}`, [
          ...(files.length === 0 ? [] : fencedBlock(patchText(pairs, bytesEach), "diff").split("\n")),
          ...others.map((name) => `- ${escapeMarkdown(name)} differs as well`),
        ])),
  ];
}

function foundIn(pairs: readonly GatePair[], isWanted: (one: Regression) => boolean): MarkedFinding[] {
  return pairs.flatMap(({ candidate, regressions }) =>
    regressions.filter(isWanted).map((one) => ({
      mark: one.fails ? "regression" : one.status,
      finding: { ...one, title: `${candidate}: ${one.title}` },
    })),
  );
}

/** Cut before it is fenced, so that the fence always closes. */
function patchText(pairs: readonly GatePair[], bytes: number): string {
  const lines = pairs
    .flatMap(({ diff }) => diff.flatMap(({ patch }) => patch.trimEnd().split("\n")))
    .filter((line) => !/^=+$/.test(line))
    .map((line) => escapeControls(line.replaceAll("\t", "    ")));
  return fitLines(lines, bytes, "further line").join("\n");
}
