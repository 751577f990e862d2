/** The answer at the page's top, large: the terminal report's own sentences, each candidate a card of its own. */
import type { RunDocument } from "../../results/run-document.js";
import { escapeControls } from "../draw/plain-text.js";
import {
  adviceApartMax,
  groupLabels,
  precedence,
  renderVerdictKey,
  renderVerdicts,
  verdictStyles,
} from "../run/verdict-section.js";
import { formatNumberOf } from "../words/format.js";
import { type HtmlPage, readLine, splitOpening, toSpans, unmarked, type WrittenLine } from "./html-page.js";
import { type Html, html } from "./markup.js";

/** More arms than this are counted. */
const namedMax = 3;

interface Answer {
  /** `off is equivalent to on`, or the whole line where nothing was compared. */
  readonly sentence: string;
  /** Its style, which says what sort of verdict it is; empty when it is none. */
  readonly style: string;
  readonly rest: Html | null;
  readonly lines: WrittenLine[];
}

/** The page's headline, of a run that no gate was held on. */
export function renderVerdictPart(document: RunDocument, page: HtmlPage): Html {
  const { answers, further } = readAnswers(document, page);
  const [only] = answers;
  if (answers.length === 1 && only !== undefined) {
    return html`<div class="verdict ${only.style}"><h1>${renderSentence(only)}</h1>${renderRest(only)}</div>${further}`;
  }
  const [first, ...others] = answers.length === 0 ? further : [];
  if (first !== undefined) return html`<h1 class="plain">${document.scenario.name}</h1>${first}${others}`;
  return html`<h1 class="plain">${searchTitle(document) ?? titleOf(answers)}</h1>\n${renderCards(answers)}${further}`;
}

/** The same answers under a headline that is another's. */
export function renderMeasuredPart(document: RunDocument, page: HtmlPage): Html {
  const { answers, further } = readAnswers(document, page);
  return html`${answers.length === 0 ? null : renderCards(answers)}${further}`;
}

interface Answers {
  readonly answers: readonly Answer[];
  /** What stands by itself between or after them. */
  readonly further: readonly Html[];
}

function readAnswers(document: RunDocument, page: HtmlPage): Answers {
  const answers: Answer[] = [];
  const further: Html[] = [];
  const said = [...renderVerdicts(document, page), ...renderVerdictKey(document, page)];
  for (const written of said.filter((line) => line !== "")) {
    const line = readLine(written);
    const answer = line.indent === 0 ? leadOf(line) : null;
    const last = answers.at(-1);
    if (answer !== null) answers.push(answer);
    else if (line.indent > 0 && last !== undefined) last.lines.push(line);
    else further.push(renderFurther(line));
  }
  return { answers, further };
}

function renderCards(answers: readonly Answer[]): Html {
  const shared = answers.length > adviceApartMax ? takeAdvice(answers.at(-1)) : [];
  return html`<ul class="verdicts">${answers.map(
    (answer) =>
      html`<li class="verdict ${answer.style}"><p class="sentence">${renderSentence(answer)}</p>${renderRest(answer)}</li>`,
  )}</ul>${shared.length === 0 ? null : html`<div class="advice">${shared.map(renderUnder)}</div>`}`;
}

/** Of many answers one advice is for all, written after the last of them. */
function takeAdvice(last: Answer | undefined): WrittenLine[] {
  const from = last?.lines.findIndex(({ marked }) => marked.startsWith("to settle it:")) ?? -1;
  return last === undefined || from < 0 ? [] : last.lines.splice(from);
}

/** A verdict opens with its sentence in bold and colour, and goes on with the numbers, if there are any. */
function leadOf({ marked, styles }: WrittenLine): Answer | null {
  if (styles.includes("bold")) {
    const style = styles.find((one) => one !== "bold") ?? "";
    return { sentence: unmarked(marked), style, rest: null, lines: [] };
  }
  if (styles.length > 0) return null;
  const split = splitOpening(marked);
  if (split === null || !split.opening.styles.includes("bold")) return null;
  const rest = split.rest.replace(/^[:,]? */, "");
  return {
    sentence: unmarked(split.opening.marked),
    style: split.opening.styles.find((style) => style !== "bold") ?? "",
    rest: rest === "" ? null : toSpans(rest),
    lines: [],
  };
}

/** An interval stays on one line. */
function renderSentence({ sentence }: Answer): Html {
  const parts = sentence.split(/(\([\d.,-]+\))/);
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : html`<span class="nowrap">${part}</span>`))}`;
}

function renderRest({ rest, lines }: Answer): Html {
  return html`${rest === null ? null : html`<p class="numbers">${rest}</p>`}${lines.map(renderUnder)}`;
}

function renderUnder({ marked }: WrittenLine): Html {
  const [, label, rest] = /^([a-z' ]+): (.*)$/su.exec(unmarked(marked)) ?? [];
  return label === undefined || rest === undefined
    ? html`<p class="under">${toSpans(marked)}</p>`
    : html`<p class="under"><strong>${label}:</strong> ${rest}</p>`;
}

function renderFurther({ styles, marked }: WrittenLine): Html {
  const kind = styles.includes("dim") ? "note" : styles.length > 0 ? `said paint-${styles.at(-1)}` : "said";
  return html`<p class="${kind}">${toSpans(marked)}</p>`;
}

/** Over several answers that compare nothing. */
function searchTitle({ capacity, soak, rollouts }: RunDocument): string | null {
  if (rollouts !== undefined) return `Rollout: ${rollouts[0]?.event ?? "nothing"}`;
  if (capacity === undefined) return soak === undefined ? null : "Soak";
  const names = [capacity, ...capacity.others].map(({ arm }) => escapeControls(arm));
  return `Capacity of ${names.length > namedMax ? formatNumberOf(names.length, "arm") : names.join(", ")}`;
}

/** `6 comparisons: 1 worse, 5 can't tell`. */
function titleOf(answers: readonly Answer[]): string {
  const counts = precedence.flatMap((verdict) => {
    const count = answers.filter(({ style }) => style === verdictStyles[verdict]).length;
    return count === 0 ? [] : [`${count} ${groupLabels[verdict]}`];
  });
  return `${formatNumberOf(answers.length, "comparison")}: ${counts.join(", ")}`;
}
