/** A gate's page: its outcome in a word and a colour with the reasons, then what the candidate does worse, and what changed. */
import type { GatePair, GateResult, Regression } from "../../results/gate-schema.js";
import { escapeControls } from "../draw/plain-text.js";
import { noiseWords } from "../gate/gate-reasons.js";
import { gateStyles, unmeasuredWords } from "../gate/gate-section.js";
import { formatNumberOf, formatSeconds } from "../words/format.js";
import { renderFindingCard } from "./finding-card.js";
import { type Html, html } from "./markup.js";

/** A patch beyond this is whole in run.json. */
const patchLinesMost = 400;

/** The page's headline. */
export function renderGateHead(gate: GateResult): Html {
  const { outcome, reasons, usedS, budgetS } = gate;
  const unmeasured = unmeasuredWords(gate);
  return html`<div class="verdict ${gateStyles[outcome]}"><h1>Gate: ${outcome}</h1>
${reasons.length === 0 ? null : html`<ul class="reasons">${reasons.map((reason) => html`<li>${escapeControls(reason)}</li>`)}</ul>`}
${unmeasured === null ? null : html`<p class="said">${escapeControls(unmeasured)}</p>`}
</div>
<p class="note">${formatSeconds(usedS)} of the budget of ${formatSeconds(budgetS)} used.</p>`;
}

/** What the candidates do that their baselines do not; null for nothing. */
export function renderRegressionsPart({ pairs }: GateResult): Html | null {
  const found = pairs.flatMap((pair) => pair.regressions.map((regression) => ({ pair, regression })));
  if (found.length === 0) return null;
  const failing = found.filter(({ regression }) => regression.fails);
  const others = found.filter(({ regression }) => !regression.fails);
  return html`${[...failing, ...others].map(({ pair, regression }) => renderRegression(pair, regression))}`;
}

function renderRegression({ baseline, candidate }: GatePair, regression: Regression): Html {
  const { fails, status, before, title } = regression;
  return renderFindingCard({
    finding: { ...regression, title: `${candidate}: ${title}` },
    mark: fails
      ? { word: "regression", style: "red" }
      : { word: `${status}, does not fail`, style: "yellow" },
    ...(baseline === null || before.status === "not-tested"
      ? {}
      : { aside: `in ${baseline}: ${before.status}, ${before.title}` }),
  });
}

/** As it would be read in a pull request; null where no file differs. */
export function renderChangesPart({ pairs }: GateResult): Html | null {
  const changed = pairs.filter(({ diff, otherFiles }) => diff.length > 0 || otherFiles.length > 0);
  return changed.length === 0 ? null : html`${changed.map(renderChanges)}`;
}

function renderChanges({ baseline, candidate, diff, otherFiles }: GatePair): Html {
  const title = `${escapeControls(candidate)} against ${escapeControls(baseline ?? "nothing")}`;
  const all = diff.flatMap(({ patch }) => patch.trimEnd().split("\n").filter(isOfPatch));
  const further = all.length - patchLinesMost;
  return html`<h3>${title}</h3>
${all.length === 0 ? null : html`<pre tabindex="0" aria-label="Config of ${title}">${all.slice(0, patchLinesMost).map(renderPatchLine)}</pre>`}
${further > 0 ? html`<p class="note">and ${formatNumberOf(further, "further line")}, in run.json</p>` : null}
${otherFiles.length === 0 ? null : html`<p class="line">differ as well: ${otherFiles.map(escapeControls).join(", ")}</p>`}`;
}

/** Not the rule that the diff's writer draws above each file. */
function isOfPatch(line: string): boolean {
  return !/^=+$/.test(line);
}

function renderPatchLine(line: string): Html {
  const text = `${escapeControls(line.replaceAll("\t", "    "))}\n`;
  if (line.startsWith("+")) return html`<span class="paint-green">${text}</span>`;
  return line.startsWith("-") ? html`<span class="paint-red">${text}</span>` : html`${text}`;
}

/** How quiet the machine was; null where nothing was measured. */
export function renderNoisePart({ noise }: GateResult): Html | null {
  return noise === null ? null : html`<p class="said">${escapeControls(noiseWords(noise))}</p>`;
}
