/** One finding on a page: its mark and title, what was seen, why, and what to do, with what is to be pasted apart. */
import type { ProbeDocument } from "../../results/probe-document.js";
import { escapeControls } from "../draw/plain-text.js";
import { type Html, html } from "./markup.js";

interface Card {
  readonly finding: ProbeDocument["findings"][number];
  /** Says what sort of finding it is, for colour alone says nothing. */
  readonly mark: { readonly word: string; readonly style: "red" | "yellow" | "cyan" };
  /** What else there is to know, after the id and the side. */
  readonly aside?: string;
}

export function renderFindingCard({ finding, mark, aside }: Card): Html {
  const { id, side, title, evidence, cause, cure } = finding;
  return html`<article class="finding ${mark.style}">
<h3><span class="badge ${mark.style}">${mark.word}</span> ${escapeControls(title)}</h3>
${evidence.length === 0 ? null : html`<ul class="evidence">${evidence.map((line) => html`<li>${escapeControls(line)}</li>`)}</ul>`}
${cause === null ? null : html`<p><strong>cause:</strong> ${escapeControls(cause)}</p>`}
${cure === null ? null : renderCure(cure)}
<p class="note">${[`${id}, side: ${side}`, ...(aside === undefined ? [] : [escapeControls(aside)])].join("; ")}</p>
</article>
`;
}

/** The first line is words; the others are to be pasted. */
function renderCure(cure: string): Html {
  const [words = "", ...code] = cure.split("\n");
  const pasted = code.map(escapeControls).join("\n");
  return html`<p><strong>cure:</strong> ${escapeControls(words)}</p>${code.length === 0 ? null : html`<pre tabindex="0" aria-label="To be pasted">${pasted}</pre>`}`;
}
