/** A scenario's history as one HTML file that needs nothing else, in the words and tables of the terminal's. */
import type { HistoryDocument } from "../../results/history-document.js";
import { renderHistoryRuns } from "../history/history-runs.js";
import {
  historyInforms,
  historyTitle,
  renderChanges,
  renderHistoryFacts,
  renderLeftOut,
  seriesTitle,
} from "../history/history-words.js";
import { renderHistoryPicture } from "./history-picture.js";
import { renderHtmlFile } from "./html-file.js";
import { HtmlPage } from "./html-page.js";
import { type Html, html } from "./markup.js";

/** The whole file, from its doctype on; the same history gives the same bytes. */
export function renderHistoryPage(history: HistoryDocument): string {
  const page = new HtmlPage();
  const runs = new Map(history.runs.map((run) => [run.runId, run]));
  const leftOut = renderLeftOut(history, runs, page);
  const figures = history.series.map(
    (
      series,
      i,
    ): Html => html`<section id="series-${i}" aria-labelledby="series-${i}-title"><h2 id="series-${i}-title">${seriesTitle(series)}</h2>
<figure>${renderHistoryPicture(series, runs)}
<figcaption>Ratio and 95 % interval of each run; the line is the median of its level.</figcaption></figure>
${page.toHtml(renderChanges(series, runs, page))}</section>
`,
  );
  return renderHtmlFile({
    title: `${history.scenario}: wsrally history`,
    body: () => html`<header class="top"><div class="wrap"><p class="brand">wsrally <span>${history.scenario}</span></p></div></header>
<main class="wrap">
<h1>${historyTitle(history)}</h1>
${page.toHtml(renderHistoryFacts(history, page), 2)}
${figures}
<section id="runs">${page.toHtml(renderHistoryRuns(history, { page, detail: "full" }), 2)}</section>
${leftOut.length === 0 ? null : html`<section id="left-out">${page.toHtml(leftOut, 2)}</section>`}
</main>
<footer><div class="wrap"><p class="note">${historyInforms}</p></div></footer>
`,
  });
}
