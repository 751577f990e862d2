/** Where a message's time goes: on its way to the backend, in it, and on its way back; and what a proxy adds to each. */
import type { RunDocument } from "../../results/run-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { noiseNotes, signed, sumOfParts } from "../run/split-section.js";
import { type SplitBar, splitBars, splitParts } from "../run/time-split.js";
import { formatUs } from "../words/format.js";
import { seriesMeaning } from "../words/latency-series.js";
import { type Html, html } from "./markup.js";

const width = 300;
const height = 22;

/** Null when no arm has the split. */
export function renderSplitPart(document: RunDocument): Html | null {
  const bars = splitBars(document);
  if (bars.length === 0) return null;
  const percentiles = [...new Set(bars.map(({ percentile }) => percentile))];
  return html`<p class="note">By the kernel's stamps at both ends; each part's own percentile, the median over the trials.${splitParts.map(
    (part) =>
      html` <span class="nowrap"><span class="key part-${part}"></span> ${part}</span>: ${seriesMeaning(part)}.`,
  )}</p>
${percentiles.map((percentile) =>
  renderBars(
    percentile,
    bars.filter((bar) => bar.percentile === percentile),
  ),
)}`;
}

function renderBars(percentile: string, bars: readonly SplitBar[]): Html {
  const most = Math.max(...bars.map(({ partsUs }) => sumOfParts(partsUs)));
  return html`<div class="table" tabindex="0" role="group" aria-label="Table: time split, ${percentile}"><table>
<thead><tr><th scope="col">${percentile}</th><th scope="col" class="picture"><span class="unseen">drawing</span></th>${splitParts.map((part) => html`<th scope="col" class="right">${part}</th>`)}</tr></thead>
<tbody>${bars.map((bar) => renderRow(bar, most))}</tbody></table></div>`;
}

function renderRow({ arm, partsUs, added }: SplitBar, most: number): Html {
  const own = html`<tr${added === null ? null : html` class="goes-on"`}><th scope="row">${escapeControls(arm)}</th><td class="picture">${renderBar(partsUs, most)}</td>${splitParts.map((part) => html`<td class="right">${formatUs(partsUs[part])}</td>`)}</tr>
`;
  if (added === null) return own;
  const notes = noiseNotes(added).map((note) => html`<span class="under">${note}</span>`);
  return html`${own}<tr class="sum"><th scope="row" colspan="2">more than ${escapeControls(added.direct)}${notes}</th>${splitParts.map((part) => html`<td class="right">${signed(added.parts[part].differenceUs)}</td>`)}</tr>
`;
}

function renderBar(partsUs: SplitBar["partsUs"], most: number): Html {
  const scale = most > 0 ? width / most : 0;
  let x = 0;
  return html`<svg class="split" viewBox="0 0 ${width} ${height}" aria-hidden="true">${splitParts.map(
    (part) => {
      const from = x;
      x += partsUs[part] * scale;
      return html`<rect class="part-${part}" x="${from.toFixed(1)}" y="2" width="${Math.max(0, x - from - 1).toFixed(1)}" height="${height - 4}"/>`;
    },
  )}</svg>`;
}
