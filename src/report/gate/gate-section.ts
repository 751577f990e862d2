/** The gate's answer first: the outcome in a word, why, what changed in the config, and how quiet the machine was. */
import type { GatePair, GateResult } from "../../results/gate-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { cutToWidth, escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTrouble } from "../probe/probe-report.js";
import { renderBill } from "../rollout/rollout-section.js";
import { formatNumberOf, formatSeconds } from "../words/format.js";
import { dimText, heading } from "../words/words.js";
import { gateEndWords } from "./gate-end-words.js";
import { noiseWords } from "./gate-reasons.js";

export const gateStyles: Readonly<Record<GateResult["outcome"], "green" | "red" | "yellow">> = {
  passed: "green",
  failed: "red",
  inconclusive: "yellow",
};

const patchLinesMost = 60;

/** All of it but its end, a section each. */
export function renderGate({ gate }: RunDocument, page: Page): string[][] {
  if (gate === undefined) return [];
  const { pairs, usedS, budgetS, rollouts = [] } = gate;
  return [
    renderGateAnswer(gate, page),
    ...pairs.flatMap((pair) => renderRegressions(pair, page)),
    rollouts.length === 0 ? [] : renderBill(rollouts, page),
    ...pairs.map((pair) => renderDiff(pair, page, patchLinesMost)),
    renderNoise(gate, page),
    dimText(`${formatSeconds(usedS)} of the budget of ${formatSeconds(budgetS)} used.`, page),
  ];
}

/** The outcome and why. */
export function renderGateAnswer(gate: GateResult, page: Page): string[] {
  const { outcome, reasons } = gate;
  const unmeasured = unmeasuredWords(gate);
  return [
    page.paint("bold", page.paint(gateStyles[outcome], `Gate: ${outcome}`)),
    ...reasons.flatMap((reason) =>
      wrapText(`- ${escapeControls(reason)}`, page.width, { first: 2, rest: 4 }),
    ),
    ...(unmeasured === null ? [] : wrapText(escapeControls(unmeasured), page.width, { first: 2, rest: 2 })),
  ];
}

/** The outcome once more, for the end of a page is what stays on a screen: `FAILED (20): 2 regressions`. */
export function renderGateEnd(gate: GateResult, page: Page): string[] {
  return wrapText(gateEndWords(gate), page.width, { rest: 2 }).map((line) =>
    page.paint("bold", page.paint(gateStyles[gate.outcome], line)),
  );
}

/** How quiet the machine was; nothing where nothing was measured. */
export function renderNoise({ noise }: GateResult, page: Page): string[] {
  return noise === null ? [] : [...heading("Noise", page), ...lines(noiseWords(noise), page)];
}

/** `Nothing is measured, for a functional regression decides.`; null of a gate that measured. */
export function unmeasuredWords({ unmeasuredBecause }: GateResult): string | null {
  return unmeasuredBecause == null ? null : `Nothing is measured, for ${unmeasuredBecause}.`;
}

function lines(text: string, page: Page): string[] {
  return wrapText(escapeControls(text), page.width, { first: 2, rest: 4 });
}

/** Each with what was seen, why, and what to do. */
export function renderRegressions({ candidate, regressions }: GatePair, page: Page): string[][] {
  return regressions.map((finding) => {
    const mark = finding.fails
      ? ({ word: "REGRESSION", style: "red" } as const)
      : ({ word: finding.status.toUpperCase(), style: "yellow" } as const);
    return renderTrouble({ ...finding, title: `${candidate}: ${finding.title}` }, mark, page);
  });
}

/** As it would be read in a pull request; longer than `most` lines it is cut, and whole in run.json. */
export function renderDiff(
  { baseline, candidate, diff, otherFiles }: GatePair,
  page: Page,
  most: number,
): string[] {
  if (diff.length === 0 && otherFiles.length === 0) return [];
  const all = diff.flatMap(({ patch }) => patch.trimEnd().split("\n"));
  const shown = all.slice(0, most);
  const further = all.length - shown.length;
  return [
    ...heading(`Config of ${escapeControls(candidate)} against ${escapeControls(baseline ?? "")}`, page),
    ...shown.flatMap((line) => patchLine(line, page)),
    ...(further > 0 ? dimText(`and ${formatNumberOf(further, "further line")}, in run.json`, page) : []),
    ...(otherFiles.length > 0 ? lines(`differ as well: ${otherFiles.join(", ")}`, page) : []),
  ];
}

function patchLine(line: string, page: Page): string[] {
  if (/^=+$/.test(line)) return [];
  const style = line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim";
  return [
    `  ${page.paint(style, cutToWidth(escapeControls(line.replaceAll("\t", "    ")), page.width - 2))}`,
  ];
}
