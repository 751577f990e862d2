/** The arms' configs as they ran: each candidate beside its baseline, differences marked, and every one in full. */
import type { RunDocument } from "../../results/run-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatNumberOf } from "../words/format.js";
import { type DiffRow, diffConfigs } from "./config-diff.js";
import { type Html, html } from "./markup.js";

/** Config texts by arm. */
export type Configs = ReadonlyMap<string, string>;

const context = 3;
/** A config beyond this is not shown in full: it lies beside the report. */
const fullMax = 60_000;

/** Null when no arm has a config. */
export function renderConfigPart({ scenario, arms }: RunDocument, configs: Configs): Html | null {
  if (configs.size === 0) return null;
  const shown = new Set<string>();
  const diffs = scenario.pairs.flatMap(({ baseline, candidate }) => {
    const left = configs.get(baseline);
    const right = configs.get(candidate);
    const key = JSON.stringify([left, right]);
    if (left === undefined || right === undefined || shown.has(key)) return [];
    shown.add(key);
    return [renderDiff({ name: baseline, text: left }, { name: candidate, text: right })];
  });
  const changes = arms.filter(({ proxy }) => proxy.changes.length > 0);
  return html`${diffs.length === 0 ? null : html`<p class="note">As they ran here; ports on loopback are wsrally's own and no difference.</p>`}
${diffs}
${[...configs].map(([arm, text]) => renderFull(escapeControls(arm), text))}
${changes.map(
  ({ name, proxy }) =>
    html`<details><summary>${formatNumberOf(proxy.changes.length, "change")} to ${escapeControls(name)} so that it could run here</summary><ul>${proxy.changes.map((change) => html`<li>${escapeControls(change)}</li>`)}</ul></details>`,
)}`;
}

interface NamedConfig {
  readonly name: string;
  readonly text: string;
}

function renderDiff(left: NamedConfig, right: NamedConfig): Html {
  const rows = diffConfigs(left.text, right.text, { context });
  const title = `${escapeControls(left.name)} → ${escapeControls(right.name)}`;
  const isSame = rows.every(({ kind }) => kind === "skipped");
  if (isSame) return html`<h3>${title}</h3><p class="said">No line differs.</p>`;
  return html`<h3>${title}</h3>
<div class="table" tabindex="0" role="group" aria-label="Differences: ${title}"><table class="diff">
<thead><tr><th scope="col" class="number"><span class="unseen">line</span></th><th scope="col">${escapeControls(left.name)}</th><th scope="col" class="number"><span class="unseen">line</span></th><th scope="col">${escapeControls(right.name)}</th></tr></thead>
<tbody>${rows.map(renderRow)}</tbody></table></div>`;
}

function renderRow(row: DiffRow): Html {
  if (row.kind === "skipped") {
    return html`<tr class="skipped"><td colspan="4">${formatNumberOf(row.count, "line")} alike</td></tr>\n`;
  }
  return html`<tr class="${row.kind}">${renderSide(row.left, "del")}${renderSide(row.right, "ins")}</tr>\n`;
}

function renderSide(line: Exclude<DiffRow, { kind: "skipped" }>["left"], tag: "del" | "ins"): Html {
  if (line === null) return html`<td class="number"></td><td class="blank"></td>`;
  const isChanged = line.pieces.some(({ changed }) => changed);
  const pieces = line.pieces.map(({ text, changed }) => {
    const words = escapeLine(text);
    if (!changed) return html`${words}`;
    return tag === "del" ? html`<del>${words}</del>` : html`<ins>${words}</ins>`;
  });
  return html`<td class="number">${line.number}</td><td class="code${isChanged ? ` ${tag}` : ""}">${pieces}</td>`;
}

/** Tabs stay, for configs are indented with them. */
function escapeLine(text: string): string {
  return text.split("\t").map(escapeControls).join("\t");
}

function renderFull(arm: string, text: string): Html {
  const lines = text.slice(0, fullMax).split(/\r?\n/).map(escapeLine).join("\n");
  const isCut = text.length > fullMax;
  return html`<details><summary>${arm} in full</summary><pre tabindex="0" aria-label="Config of ${arm}">${lines}${isCut ? "\n… (cut; the whole lies beside this report)" : null}</pre></details>`;
}
