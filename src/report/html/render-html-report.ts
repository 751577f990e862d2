/**
 * A run as one HTML file that needs nothing else: no network, no files beside it. The same run always gives the same
 * bytes. Nothing is computed here but medians, means and sums over trials; the words are the terminal report's.
 */

import type { GateResult } from "../../results/gate-schema.js";
import type { StoredRun } from "../../results/read-run.js";
import type { RunDocument } from "../../results/run-document.js";
import { renderCapacityCosts, renderCapacityPlan } from "../capacity/capacity-cost-section.js";
import { renderCapacityLimits } from "../capacity/capacity-limits-section.js";
import { renderCapacitySlos } from "../capacity/capacity-slo-section.js";
import { renderCapacitySteps } from "../capacity/capacity-steps-section.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderRolloutComparisons } from "../rollout/rollout-comparison-section.js";
import { renderNoiseFloor } from "../run/aa-section.js";
import { renderCosts } from "../run/cost-section.js";
import { renderEffects } from "../run/effects-section.js";
import { renderExplanations } from "../run/explain-section.js";
import { renderFailures, renderProxyLogs } from "../run/failures-section.js";
import { renderGeneratorHealth, renderWarnings } from "../run/health-section.js";
import { renderHeld } from "../run/held-section.js";
import { renderLatencies } from "../run/latency-section.js";
import { renderQuestion } from "../run/question-section.js";
import { renderResidence } from "../run/residence-section.js";
import { renderSlos } from "../run/slo-section.js";
import { renderStages } from "../run/stages-section.js";
import { renderSoakFailures, renderSoakTrends } from "../soak/soak-section.js";
import { runWithShortNames } from "../words/short-names.js";
import { renderCapacityFigure } from "./capacity-part.js";
import {
  renderLoadFigure,
  renderPercentileFigure,
  renderSliceFigure,
  renderTimeFigure,
} from "./chart-part.js";
import { renderComparisonPart } from "./comparison-part.js";
import { renderConfigPart } from "./config-part.js";
import { renderCostPart } from "./cost-part.js";
import { renderEnvironmentPart } from "./environment-part.js";
import { renderChangesPart, renderGateHead, renderNoisePart, renderRegressionsPart } from "./gate-part.js";
import { renderHeatPart } from "./heat-part.js";
import { renderHtmlFile } from "./html-file.js";
import { HtmlPage } from "./html-page.js";
import { type Html, html, jsonForScript } from "./markup.js";
import { type ReportData, reportData } from "./report-data.js";
import { renderRolloutBill, renderRolloutCourses, renderRolloutLatency } from "./rollout-part.js";
import { renderSoakFigure } from "./soak-part.js";
import { renderSplitPart } from "./split-part.js";
import { renderStormPart } from "./storm-part.js";
import { renderMeasuredPart, renderVerdictPart } from "./verdict-part.js";

interface Section {
  readonly id: string;
  readonly title: string;
  /** Null where the run has nothing of the kind. */
  readonly body: Html | null;
}

/** The whole file, from its doctype on. */
export function renderHtmlReport(stored: StoredRun): string {
  const run = runWithShortNames(stored);
  const { document } = run;
  const data = reportData(document, run.histograms);
  const sections = sectionsOf(run, data).filter(({ body }) => body !== null);
  return renderHtmlFile({
    title: `${document.scenario.name}: wsrally report`,
    generator: `wsrally ${document.tool.version}`,
    body: (script) => html`<a class="skip" href="#verdict">Skip to the verdict</a>
<header class="top"><div class="wrap">
<p class="brand">wsrally <span>${escapeControls(document.scenario.name)}</span></p>
<p class="when">${document.startedAt.slice(0, 16).replace("T", " ")} UTC</p>
<div id="tools"></div>
</div></header>
<main class="wrap">
${renderHead(document)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<noscript><p class="note">This browser runs no scripts: the charts are not drawn, but their numbers stand in the tables under them.</p></noscript>
${sections.map(({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${body}</section>\n`)}
</main>
<footer><div class="wrap"><p class="note">${document.tool.name} ${document.tool.version}, run ${document.runId}. Absolute numbers of different runs are not comparable, on the same machine either. The numbers lie in run.json, the histograms beside it.</p></div></footer>
<script type="application/json" id="report-data">${jsonForScript(data)}</script>
<script>${script}</script>
`,
  });
}

/** The question, the answer, and what casts doubt on it. */
function renderHead(document: RunDocument): Html {
  const page = new HtmlPage();
  const { description } = document.scenario;
  const warnings = renderWarnings(document, page);
  return html`<div id="verdict" tabindex="-1">
${description === null ? null : html`<p class="question">${escapeControls(description)}</p>`}
${document.gate === undefined ? renderVerdictPart(document, page) : renderGateHead(document.gate)}
${document.gate === undefined ? renderSloLine(document) : null}
</div>
${warnings.length === 0 ? null : html`<aside class="warnings" aria-label="Warnings">${page.toHtml(warnings, 2)}</aside>`}`;
}

/** A missed SLO fails the command whatever the verdict, so that it is said beside it. */
function renderSloLine({ slo = [] }: RunDocument): Html | null {
  const missed = slo.filter(({ status }) => status === "missed");
  if (missed.length === 0) return null;
  const words = missed.map(({ arm, expression }) => escapeControls(`${arm}: ${expression}`));
  return html`<p class="said"><span class="paint-red">SLO missed:</span> ${words.join("; ")}</p>`;
}

/** Of a gate, whose outcome is the headline: what its probes and its trials say comes after. */
function gateSections(document: RunDocument): Section[] {
  const { gate, arms } = document;
  if (gate === undefined) return [];
  const isMeasured = arms.some(({ trials }) => trials.length > 0);
  return [
    { id: "regressions", title: "New in the candidate", body: renderRegressionsPart(gate) },
    { id: "slos", title: "SLOs", body: renderSlosPart(document) },
    ...rolloutSections(gate.rollouts),
    {
      id: "measured",
      title: "What was measured",
      body: isMeasured ? renderMeasuredPart(document, new HtmlPage()) : null,
    },
    { id: "changes", title: "What changed", body: renderChangesPart(gate) },
    { id: "noise", title: "Noise", body: renderNoisePart(gate) },
  ];
}

function rolloutSections(rollouts: GateResult["rollouts"]): Section[] {
  if (rollouts === undefined) return [];
  return [
    { id: "bill", title: "What the rollout cost", body: renderRolloutBill(rollouts, new HtmlPage()) },
    { id: "course", title: "The course of it", body: renderRolloutCourses(rollouts) },
  ];
}

function renderSlosPart(document: RunDocument): Html | null {
  const page = new HtmlPage();
  const lines = renderSlos(document, page).slice(1);
  return lines.length === 0 ? null : page.toHtml(lines);
}

/** Of a search, a soak or a rollout, which have their trials in their steps, windows and bills. */
function searchSections(document: RunDocument, data: ReportData): Section[] {
  const { capacity, soak, rollouts, rolloutComparisons = [] } = document;
  const page = new HtmlPage();
  const written = (lines: readonly string[]): Html | null => (lines.length === 0 ? null : page.toHtml(lines));
  if (rollouts !== undefined) {
    return [
      { id: "slos", title: "SLOs", body: renderSlosPart(document) },
      {
        id: "compared",
        title: `Against ${rolloutComparisons[0]?.baseline ?? "the first"}`,
        body: written(renderRolloutComparisons(rolloutComparisons, page).slice(1)),
      },
      { id: "bill", title: "What it cost", body: renderRolloutBill(rollouts, page) },
      { id: "course", title: "The course of it", body: renderRolloutCourses(rollouts) },
      { id: "latency", title: "Latency", body: renderRolloutLatency(rollouts, page) },
    ];
  }
  if (soak !== undefined) {
    const trends = written(renderSoakTrends(soak, page).slice(1));
    return [
      { id: "trends", title: "Over the soak", body: joined([renderSoakFigure(data.soak), trends]) },
      { id: "broken", title: "Failures", body: written(renderSoakFailures(soak, page).slice(1)) },
    ];
  }
  if (capacity === undefined) return [];
  const arms = [capacity, ...capacity.others];
  /** One arm's section needs no heading that names it. */
  const own = arms.length === 1 ? 1 : 0;
  return [
    { id: "slo", title: "SLO", body: written(renderCapacitySlos(capacity, page).slice(1)) },
    {
      id: "capacity",
      title: "Latency against load",
      body: renderCapacityFigure(data.capacity),
    },
    {
      id: "limits",
      title: "Limits, foretold before any load",
      body: written(arms.flatMap((arm) => renderCapacityLimits(arm, page).slice(own))),
    },
    {
      id: "costs",
      title: "Costs and plan",
      body: written([...renderCapacityCosts(capacity, page), ...renderCapacityPlan(capacity, page)]),
    },
    { id: "storm", title: "Opening, and restarts under load", body: renderStormPart(capacity, page) },
    {
      id: "steps",
      title: "Steps",
      body: written(arms.flatMap((arm) => renderCapacitySteps(arm, page).slice(own))),
    },
  ];
}

/** Folded away: it is for who doubts a verdict, and longer than all verdicts. */
function renderExplanationPart(document: RunDocument, page: HtmlPage): Html | null {
  const lines = renderExplanations(document, page).slice(1);
  if (lines.length === 0) return null;
  return html`<details><summary>Blocks, intervals, tests and the rule that decided, for each comparison</summary>${page.toHtml(lines)}</details>`;
}

/** Null where all are. */
function joined(parts: readonly (Html | null)[]): Html | null {
  return parts.every((part) => part === null) ? null : html`${parts}`;
}

function sectionsOf({ document, histograms: _, configs }: StoredRun, data: ReportData): Section[] {
  const page = new HtmlPage();
  /** A section of the terminal report, without the heading that says what this page's own says. */
  const written = (lines: readonly string[], own = 0): Html | null =>
    lines.length === 0 ? null : page.toHtml(lines.slice(own));
  const costs = written(renderCosts(document, page), 1);
  const inside = written(renderResidence(document, page), 1);
  const latencies = written(renderLatencies(document, page), 1);
  return [
    ...gateSections(document),
    ...searchSections(document, data),
    ...(document.gate === undefined ? [{ id: "slos", title: "SLOs", body: renderSlosPart(document) }] : []),
    { id: "comparison", title: "Intervals against the margin", body: renderComparisonPart(document) },
    { id: "matrix", title: "All comparisons", body: renderHeatPart(document) },
    { id: "effects", title: "What each axis does", body: written(renderEffects(document, page), 1) },
    { id: "floor", title: "The noise floor", body: written(renderNoiseFloor(document, page), 1) },
    { id: "latency", title: "Latency", body: latencies && html`${renderPercentileFigure(data)}${latencies}` },
    { id: "stages", title: "Stage by stage", body: written(renderStages(document, page), 1) },
    { id: "time", title: "Over time", body: joined([renderTimeFigure(data), renderSliceFigure(data)]) },
    { id: "explanations", title: "Why these verdicts", body: renderExplanationPart(document, page) },
    { id: "load", title: "Latency against throughput", body: renderLoadFigure(data) },
    { id: "split", title: "Where the time goes", body: renderSplitPart(document) },
    { id: "residence", title: "Time inside the proxy", body: inside },
    { id: "cost", title: "Load and cost", body: costs && html`${renderCostPart(document)}${costs}` },
    { id: "held", title: "Connections and messages", body: written(renderHeld(document, page), 1) },
    {
      id: "failures",
      title: "Failures",
      body: written([...renderFailures(document, page).slice(1), ...renderProxyLogs(document, page)]),
    },
    { id: "asked", title: "What was asked", body: written(renderQuestion(document, page), 1) },
    {
      id: "configs",
      title: document.scenario.pairs.length > 0 ? "Configs side by side" : "Config",
      body: renderConfigPart(document, configs),
    },
    { id: "generator", title: "Generator health", body: written(renderGeneratorHealth(document, page), 1) },
    { id: "environment", title: "Environment", body: renderEnvironmentPart(document, page) },
  ];
}
