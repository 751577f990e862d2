/** What the proxies cost, drawn: the median over the trials as a bar, and from the least trial to the most as a line. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { escapeControls } from "../draw/plain-text.js";
import { countedTrials } from "../run/run-facts.js";
import { formatBytes, formatUs } from "../words/format.js";
import { medianOf } from "../words/median.js";
import { metricWords } from "../words/metric-words.js";
import { type Html, html } from "./markup.js";

type Cost = NonNullable<TrialResult["proxyCost"]>;

/** Of the last two, the proportional share where the kernel tells it, for resident memory counts what processes share twice. */
const drawn = [
  { metrics: ["cpuUsPerMessage"], format: formatUs },
  { metrics: ["pssBytesPerConnection", "rssBytesPerConnection"], format: formatBytes },
] as const;

interface Spread {
  readonly name: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

const width = 300;
const height = 22;

/** Null where no proxy's cost was seen. */
export function renderCostPart(document: RunDocument): Html | null {
  const pictures = drawn.flatMap(({ metrics, format }) => {
    const measured = metrics
      .map((metric) => ({
        title: metricWords(metric),
        spreads: document.arms.flatMap((arm) => spreadOf(arm, (cost) => cost[metric] ?? null)),
      }))
      .find(({ spreads }) => spreads.length > 0);
    return measured === undefined ? [] : [renderPicture(measured.title, measured.spreads, format)];
  });
  if (pictures.length === 0) return null;
  return html`${pictures}<p class="note">Bar: median over the trials. Line: from the least trial to the most.</p>`;
}

function spreadOf(arm: ArmResult, of: (cost: Cost) => number | null): Spread[] {
  const values = countedTrials(arm).trials.map(({ proxyCost }) =>
    proxyCost === null ? null : of(proxyCost),
  );
  const known = values.filter((value) => value !== null);
  const { median } = medianOf(values);
  if (median === null) return [];
  return [{ name: escapeControls(arm.name), median, least: Math.min(...known), most: Math.max(...known) }];
}

function renderPicture(title: string, spreads: readonly Spread[], format: (value: number) => string): Html {
  const scale = Math.max(...spreads.map(({ most }) => most), 0);
  return html`<div class="table" tabindex="0" role="group" aria-label="Table: ${title}"><table>
<thead><tr><th scope="col">${title}</th><th scope="col" class="picture"><span class="unseen">drawing</span></th><th scope="col" class="right">median</th><th scope="col" class="right">least</th><th scope="col" class="right">most</th></tr></thead>
<tbody>${spreads.map(
    ({ name, median, least, most }) =>
      html`<tr><th scope="row">${name}</th><td class="picture">${renderSpread({ median, least, most }, scale)}</td><td class="right strong">${format(median)}</td><td class="right">${format(least)}</td><td class="right">${format(most)}</td></tr>\n`,
  )}</tbody></table></div>`;
}

/** Memory may shrink; a bar below nothing has no length. */
function renderSpread({ median, least, most }: Omit<Spread, "name">, scale: number): Html {
  const at = (value: number): string => (scale > 0 ? Math.max(0, (value / scale) * width) : 0).toFixed(1);
  const middle = height / 2;
  return html`<svg class="spread" viewBox="0 0 ${width} ${height}" aria-hidden="true"><rect x="0" y="4" width="${at(median)}" height="${height - 8}" rx="2"/><line x1="${at(least)}" x2="${at(most)}" y1="${middle}" y2="${middle}"/></svg>`;
}
