/** Every comparison with its verdict, its numbers and its interval drawn against the margin. */
import type { Comparison, PairReading } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { readingsOf, resolutionNotes } from "../run/comparison-section.js";
import { isJudged, verdictStyles } from "../run/verdict-section.js";
import { comparedText, marginText } from "../words/compared-words.js";
import { absent, formatNumberOf } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { type PictureScale, pictureScale, renderAxis, renderInterval } from "./interval-picture.js";
import { type Html, html } from "./markup.js";

/** The comparisons of one candidate with one baseline. */
interface ComparedPair {
  readonly baseline: string;
  readonly candidate: string;
  readonly comparisons: readonly Comparison[];
}

export function comparedPairs({ comparisons }: RunDocument): ComparedPair[] {
  const pairs = new Map<string, Comparison[]>();
  for (const one of comparisons) {
    const key = JSON.stringify([one.baseline, one.candidate]);
    pairs.set(key, [...(pairs.get(key) ?? []), one]);
  }
  return [...pairs.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined
      ? []
      : [{ baseline: first.baseline, candidate: first.candidate, comparisons: members }];
  });
}

export function renderComparisonPart(document: RunDocument): Html | null {
  const pairs = comparedPairs(document);
  if (pairs.length === 0) return null;
  const scale = pictureScale(document.comparisons);
  return html`<p class="note">Dot: candidate / baseline, as measured. Bar: 95 % interval. Shaded: the margin, within which a difference counts as none.</p>
${pairs.map((pair) => renderPair(pair, document, scale))}
<details><summary>What decided: levels and p-values</summary>${renderDecisions(document)}</details>`;
}

function renderPair(
  { baseline, candidate, comparisons }: ComparedPair,
  document: RunDocument,
  scale: PictureScale,
): Html {
  const blocks = Math.max(...comparisons.map((one) => one.blocks));
  const title = `${escapeControls(candidate)} / ${escapeControls(baseline)}`;
  return html`<h3>${title}<span class="aside">${formatNumberOf(blocks, "block")}</span></h3>
<div class="table" tabindex="0" role="group" aria-label="Table: ${title}"><table class="intervals">
<thead><tr><th scope="col"><span class="unseen">metric</span></th><th scope="col">verdict</th><th scope="col" class="right">ratio</th><th scope="col" class="right">95 % interval</th><th scope="col" class="right">margin</th><th scope="col" class="picture"><span class="unseen">drawing</span>${renderAxis(scale)}</th></tr></thead>
<tbody>${comparisons.map((one) => renderRow(one, isJudged(one, document), scale))}${readingsOf({ baseline, candidate }, document).map((one) => renderReading(one, scale))}</tbody>
</table></div>`;
}

function renderRow(comparison: Comparison, judged: boolean, scale: PictureScale): Html {
  const { metric, verdict } = comparison;
  const text = comparedText(comparison);
  const style = judged ? verdictStyles[verdict] : "unjudged";
  const notes = judged ? resolutionNotes(comparison) : [];
  return html`<tr><th scope="row">${metricWords(metric)}${notes.map((note) => html`<span class="under">${note}</span>`)}</th>
<td>${judged ? html`<span class="badge ${style}">${verdict}</span>` : html`<span class="unjudged">not judged</span>`}</td>
<td class="right strong">${text.ratio}</td><td class="right">${text.interval}</td><td class="right">${judged ? marginText(comparison) : absent}</td>
<td class="picture">${renderInterval(comparison, { scale, style, hasMargin: judged })}</td></tr>
`;
}

/** Shown with its interval alone. */
function renderReading(reading: PairReading, scale: PictureScale): Html {
  const text = comparedText(reading);
  const drawing = renderInterval({ ...reading, margin: 0 }, { scale, style: "unjudged", hasMargin: false });
  return html`<tr><th scope="row">${metricWords(reading.metric)}</th>
<td><span class="unjudged">not judged</span></td>
<td class="right strong">${text.ratio}</td><td class="right">${text.interval}</td><td class="right">${absent}</td>
<td class="picture">${drawing}</td></tr>
`;
}

function renderDecisions(document: RunDocument): Html {
  const p = (value: number | null): string =>
    value === null ? absent : value < 0.0001 ? "< 0.0001" : value.toFixed(4);
  const rows = document.comparisons.filter((one) => isJudged(one, document));
  return html`<p class="note">The decision interval has the levels that the verdict was really tested at, corrected for all comparisons and looks of the run. A p-value stands with its effect and interval, never alone.</p>
<div class="table" tabindex="0" role="group" aria-label="Table: levels and p-values"><table>
<thead><tr><th scope="col">comparison</th><th scope="col" class="right">ratio</th><th scope="col" class="right">decision interval</th><th scope="col" class="right">p worse</th><th scope="col" class="right">p better</th><th scope="col" class="right">p not equivalent</th><th scope="col">reasons</th></tr></thead>
<tbody>${rows.map((one) => {
    const text = comparedText({ ...one, ciLow: one.decisionLow, ciHigh: one.decisionHigh });
    return html`<tr><th scope="row">${`${escapeControls(one.candidate)} / ${escapeControls(one.baseline)}, ${metricWords(one.metric)}`}</th><td class="right">${text.ratio}</td><td class="right">${text.interval}</td><td class="right">${p(one.pWorse)}</td><td class="right">${p(one.pBetter)}</td><td class="right">${p(one.pEquivalent)}</td><td>${one.reasons.length === 0 ? absent : one.reasons.map(escapeControls).join(", ")}</td></tr>
`;
  })}</tbody></table></div>`;
}
