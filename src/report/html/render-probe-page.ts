/** A probe as one HTML file to be sent to a colleague: the answer, each fault with evidence, cause and cure, then all else. */
import type { ProbeDocument } from "../../results/probe-document.js";
import { escapeControls } from "../draw/plain-text.js";
import {
  having,
  notesAmong,
  probeAnswer,
  probeCounts,
  probedWords,
  type ShownFinding,
  untestedByReason,
} from "../probe/probe-words.js";
import { environmentWords } from "../run/environment-line.js";
import { formatNumberOf } from "../words/format.js";
import { renderFindingCard } from "./finding-card.js";
import { renderHtmlFile } from "./html-file.js";
import { type Html, html } from "./markup.js";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** The whole file, from its doctype on; the same probe gives the same bytes. */
export function renderProbePage(document: ProbeDocument): string {
  const { arm, findings, runId, startedAt, tool } = document;
  const name = escapeControls(arm.name);
  const sections = sectionsOf(document);
  return renderHtmlFile({
    title: `${name}: ${probeCounts(findings)}, wsrally probe`,
    generator: `wsrally ${tool.version}`,
    body: () => html`<a class="skip" href="#verdict">Skip to the answer</a>
<header class="top"><div class="wrap">
<p class="brand">wsrally <span>probe of ${name}</span></p>
<p class="when">${startedAt.slice(0, 16).replace("T", " ")} UTC</p>
</div></header>
<main class="wrap">
<div id="verdict" tabindex="-1">
<div class="verdict ${styleOf(findings)}"><h1 class="answer">${escapeControls(probeAnswer(findings))}</h1>
<p class="numbers">${escapeControls(probedWords(document))}</p></div>
</div>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${sections.map(({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${body}</section>\n`)}
</main>
<footer><div class="wrap"><p class="note">${tool.name} ${tool.version}, run ${escapeControls(runId)}. The same as data lies in probe.json.</p></div></footer>
`,
  });
}

function styleOf(findings: readonly ShownFinding[]): "red" | "yellow" | "green" {
  if (having(findings, "fault").length > 0) return "red";
  return having(findings, "warning").length > 0 ? "yellow" : "green";
}

const cards = [
  { id: "faults", title: "Faults", mark: { word: "fault", style: "red" }, of: ofStatus("fault") },
  { id: "warnings", title: "Warnings", mark: { word: "warning", style: "yellow" }, of: ofStatus("warning") },
  {
    id: "notes",
    title: "Well, and often misunderstood",
    mark: { word: "note", style: "cyan" },
    of: notesAmong,
  },
] as const;

function ofStatus(status: ShownFinding["status"]) {
  return (findings: readonly ShownFinding[]): readonly ShownFinding[] => having(findings, status);
}

function sectionsOf(document: ProbeDocument): Section[] {
  const { findings, arm } = document;
  const changes = arm.proxy?.changes ?? [];
  const untested = untestedByReason(findings);
  const oks = having(findings, "ok");
  return [
    ...cards.flatMap(({ id, title, mark, of }) => {
      const members = of(findings);
      if (members.length === 0) return [];
      return [{ id, title, body: html`${members.map((finding) => renderFindingCard({ finding, mark }))}` }];
    }),
    ...(untested.length === 0
      ? []
      : [{ id: "not-tested", title: "Not tested", body: renderUntested(untested) }]),
    ...(oks.length === 0 ? [] : [{ id: "ok", title: "All is well with", body: renderOks(oks) }]),
    ...(changes.length === 0
      ? []
      : [{ id: "changes", title: "Changed to run here", body: renderList(changes) }]),
    { id: "environment", title: "Environment", body: renderEnvironment(document) },
  ];
}

function renderUntested(untested: ReturnType<typeof untestedByReason>): Html {
  return html`${untested.map(
    ({ reason, ids }) =>
      html`<p class="line"><span class="paint-dim">${ids.join(", ")}:</span> ${escapeControls(reason)}</p>\n`,
  )}`;
}

function renderOks(findings: readonly ShownFinding[]): Html {
  return html`<dl>${findings.map(
    ({ id, title }) => html`<dt>${id}</dt><dd>${escapeControls(title)}</dd>\n`,
  )}</dl>`;
}

function renderList(lines: readonly string[]): Html {
  return html`<ul>${lines.map((line) => html`<li>${escapeControls(line)}</li>`)}</ul>`;
}

function renderEnvironment(document: ProbeDocument): Html {
  const { arm, options, sent } = document;
  const set = Object.entries(arm.set).map(([directive, value]) => `${directive}=${value}`);
  const asked = [...(options.quick ? ["--quick"] : []), ...(options.idle ? ["--idle"] : [])];
  const build = arm.proxy?.build ?? null;
  return html`<p class="line">${escapeControls(environmentWords(document))}</p>
<dl>
<dt>arm</dt><dd>${escapeControls([arm.arm, ...set].join(" "))}</dd>
${asked.length === 0 ? null : html`<dt>asked</dt><dd>${asked.join(" ")}</dd>`}
${sent === undefined ? null : html`<dt>sent</dt><dd>${formatNumberOf(sent.messages, "message")} over ${formatNumberOf(sent.connections, "connection")}</dd>`}
${build === null ? null : html`<dt>build</dt><dd class="code">${escapeControls(build)}</dd>`}
</dl>`;
}
