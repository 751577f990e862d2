/** The gate's answer first: the outcome in a word, why, what changed in the config, and how quiet the machine was. */
import type { GatePair, GateResult } from "../../results/gate-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { cutToWidth, escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTrouble } from "../probe/probe-report.js";
import { renderBill } from "../rollout/rollout-section.js";
import { formatNumberOf, formatSeconds } from "../words/format.js";
import { dimText, heading } from "../words/words.js";
import { noiseWords } from "./gate-reasons.js";

export const gateStyles: Readonly<Record<GateResult["outcome"], "green" | "red" | "yellow">> = {
  passed: "green",
  failed: "red",
  inconclusive: "yellow",
};

const patchLinesMost = 60;

export function renderGate({ gate }: RunDocument, page: Page): string[] {
  if (gate === undefined) return [];
  const { outcome, reasons, pairs, noise, usedS, budgetS, rollouts = [] } = gate;
  const title = `Gate: ${outcome}`;
  const unmeasured = unmeasuredWords(gate);
  return [
    page.paint("bold", page.paint(gateStyles[outcome], title)),
    ...reasons.flatMap((reason) =>
      wrapText(`- ${escapeControls(reason)}`, page.width, { first: 2, rest: 4 }),
    ),
    ...(unmeasured === null ? [] : wrapText(escapeControls(unmeasured), page.width, { first: 2, rest: 2 })),
    ...pairs.flatMap((pair) => renderRegressions(pair, page)),
    ...(rollouts.length === 0 ? [] : ["", ...renderBill(rollouts, page)]),
    ...pairs.flatMap((pair) => renderDiff(pair, page)),
    ...(noise === null ? [] : ["", ...heading("Noise", page), ...lines(noiseWords(noise), page)]),
    "",
    ...dimText(`${formatSeconds(usedS)} of the budget of ${formatSeconds(budgetS)} used.`, page),
  ];
}

/** `Nothing is measured, for a functional regression decides.`; null of a gate that measured. */
export function unmeasuredWords({ unmeasuredBecause }: GateResult): string | null {
  return unmeasuredBecause == null ? null : `Nothing is measured, for ${unmeasuredBecause}.`;
}

function lines(text: string, page: Page): string[] {
  return wrapText(escapeControls(text), page.width, { first: 2, rest: 4 });
}

function renderRegressions({ candidate, regressions }: GatePair, page: Page): string[] {
  return regressions.flatMap((finding) => {
    const mark = finding.fails
      ? ({ word: "REGRESSION", style: "red" } as const)
      : ({ word: finding.status.toUpperCase(), style: "yellow" } as const);
    return ["", ...renderTrouble({ ...finding, title: `${candidate}: ${finding.title}` }, mark, page)];
  });
}

/** As it would be read in a pull request; long ones are cut, and whole in run.json. */
function renderDiff({ baseline, candidate, diff, otherFiles }: GatePair, page: Page): string[] {
  if (diff.length === 0 && otherFiles.length === 0) return [];
  const all = diff.flatMap(({ patch }) => patch.trimEnd().split("\n"));
  const shown = all.slice(0, patchLinesMost);
  const further = all.length - shown.length;
  return [
    "",
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
