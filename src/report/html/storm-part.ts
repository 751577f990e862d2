/** Restarts under many connections, drawn: how long each took until half, 90 %, 99 % and all were open again. */
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import type { Storm } from "../../results/storm-schema.js";
import { renderStorm } from "../capacity/storm-section.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatPerS, formatUs } from "../words/format.js";
import type { HtmlPage } from "./html-page.js";
import { type Html, html } from "./markup.js";

type Round = Storm["rounds"][number];

const stages = ["down", "half", "p90", "p99", "all"] as const;
const stageWords = {
  down: "down",
  half: "until half are back",
  p90: "until 90 %",
  p99: "until 99 %",
  all: "until all",
} as const;
const width = 300;
const height = 22;

interface ArmStorm {
  readonly name: string;
  readonly rounds: readonly Round[];
}

/** Null without a storm. */
export function renderStormPart(capacity: Capacity, page: HtmlPage): Html | null {
  const arms: readonly ArmCapacity[] = [capacity, ...capacity.others];
  const storms = arms.flatMap(({ arm, storm }): ArmStorm[] =>
    storm == null || storm.rounds.length === 0 ? [] : [{ name: escapeControls(arm), rounds: storm.rounds }],
  );
  if (storms.length === 0) return null;
  const words = arms.flatMap((arm) => renderStorm(arm, page));
  return html`${renderRestarts(storms)}${renderOpenings(storms)}${page.toHtml(words)}`;
}

function renderRestarts(storms: readonly ArmStorm[]): Html {
  const all = storms.flatMap(({ rounds }) => rounds);
  const most = Math.max(...all.map((round) => Math.max(...endsOf(round).map((end) => end ?? 0))));
  return html`<p class="note">From the old proxy's end:${stages.map(
    (stage) =>
      html` <span class="nowrap"><span class="key stage-${stage}"></span> ${stageWords[stage]}</span>`,
  )}. All bars are on one scale; where one ends in a stroke, not all were back within 30 s.</p>
<div class="table" tabindex="0" role="group" aria-label="Table: back after a restart"><table>
<thead><tr><th scope="col">arm</th><th scope="col">clients come back</th><th scope="col" class="picture"><span class="unseen">drawing</span></th><th scope="col" class="right">all back after</th></tr></thead>
<tbody>${storms.map(({ name, rounds }) => byReconnect(rounds).map((round) => renderRestart(name, round, most)))}</tbody></table></div>`;
}

function renderRestart(name: string, round: Round, most: number): Html {
  const all = endsOf(round).at(-1) ?? null;
  return html`<tr><th scope="row">${name}</th><td>${round.restart.reconnect}</td><td class="picture">${renderStages(round, most)}</td><td class="right strong">${all === null ? "not in 30 s" : formatUs(all * 1e3)}</td></tr>\n`;
}

/** Milliseconds from the old proxy's end to the end of each stage; null where it was not seen. */
function endsOf({ restart: { downMs, backMs } }: Round): (number | null)[] {
  return stages.map((stage) => {
    if (stage === "down") return downMs;
    const back = backMs[stage];
    return back === null ? null : downMs + back;
  });
}

function renderStages(round: Round, most: number): Html {
  const scale = most > 0 ? (width - 6) / most : 0;
  let x = 0;
  const bars = endsOf(round).map((end, i) => {
    const from = x;
    x = Math.max(x, (end ?? 0) * scale);
    return html`<rect class="stage-${stages[i] ?? "all"}" x="${from.toFixed(1)}" y="3" width="${(x - from).toFixed(1)}" height="${height - 6}"/>`;
  });
  const isOpen = round.restart.backMs.all === null;
  return html`<svg class="stages" viewBox="0 0 ${width} ${height}" aria-hidden="true">${bars}${isOpen ? html`<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="0" y2="${height}"/>` : null}</svg>`;
}

/** Those that some round has; a percentile of few connections is none. */
const openingColumns: readonly {
  readonly title: string;
  readonly of: (opening: Round["opening"]) => number | null;
}[] = [
  { title: "CPU each", of: ({ cpuUsPerHandshake }) => cpuUsPerHandshake },
  ...(["connect", "tls", "upgrade"] as const).flatMap((part) =>
    (["p50", "p99"] as const).map((percentile) => ({
      title: `${part === "tls" ? "TLS" : part} ${percentile}`,
      of: ({ times }: Round["opening"]) => times[part]?.[percentile] ?? null,
    })),
  ),
];

function renderOpenings(storms: readonly ArmStorm[]): Html {
  const all = storms.flatMap(({ rounds }) => rounds);
  const most = Math.max(...all.map(({ opening }) => opening.perS ?? 0));
  const columns = openingColumns.filter(({ of }) => all.some(({ opening }) => of(opening) !== null));
  const rows = storms.flatMap(({ name, rounds }) =>
    rounds.map(({ opening }) => {
      const share = most > 0 ? ((opening.perS ?? 0) / most) * width : 0;
      return html`<tr><th scope="row">${name}</th><td class="picture"><svg class="spread" viewBox="0 0 ${width} ${height}" aria-hidden="true"><rect x="0" y="4" width="${share.toFixed(1)}" height="${height - 8}" rx="2"/></svg></td><td class="right strong">${formatPerS(opening.perS)}</td>${columns.map(({ of }) => html`<td class="right">${formatUs(of(opening))}</td>`)}</tr>\n`;
    }),
  );
  return html`<h3>Opening, before each restart</h3>
<div class="table" tabindex="0" role="group" aria-label="Table: connections opened a second"><table>
<thead><tr><th scope="col">arm</th><th scope="col" class="picture"><span class="unseen">drawing</span></th><th scope="col" class="right">opened/s</th>${columns.map(({ title }) => html`<th scope="col" class="right">${title}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function byReconnect(rounds: readonly Round[]): Round[] {
  return [...rounds].sort((a, b) => a.restart.reconnect.localeCompare(b.restart.reconnect));
}
