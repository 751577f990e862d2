/** What a decision needs of a run, a few lines each: the rest is in the full report. */
import type { RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { cutToWidth, escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { agentWords } from "../words/agent-words.js";
import { formatBytes, formatCount, formatNumberOf, formatPerS, formatUs } from "../words/format.js";
import { heading } from "../words/words.js";
import {
  connectionWords,
  loopWords,
  messageWords,
  networkWords,
  unaskedWords,
} from "../words/workload-words.js";
import { costMedian } from "./cost-section.js";
import { type FailureTotal, failureTotals } from "./failures-section.js";
import { allTrials, blocksRun, countedTrials } from "./run-facts.js";

const hanging = { rest: 2 };
const warningLines = 2;

type Stored = Pick<RunDocument, "runId"> & Partial<Pick<RunDocument, "warnings">>;

/** Each kind of failure in a line, with its cause; nothing where there is none. */
export function renderFailuresBriefly(document: RunDocument, page: Page): string[] {
  const totals = failureTotals(document);
  if (totals.length === 0) return [];
  const row = ({ count, kind, side, arm, cause, logMessage }: FailureTotal) => ({
    cells: [formatCount(count), escapeControls(arm), kind, side, escapeControls(cause ?? logMessage ?? "-")],
  });
  return [
    ...heading("Failures", page),
    ...renderTable(
      {
        columns: [
          { title: "count", align: "right" },
          { title: "arm", align: "left", keep: 4 },
          { title: "kind", align: "left" },
          { title: "side", align: "left", keep: 2 },
          { title: "cause", align: "left", flexible: true, keep: 3 },
        ],
        rows: totals.map(row),
      },
      page,
    ),
  ];
}

/** What carrying it cost each proxy, in a sentence; nothing where no proxy was measured. */
export function renderCostLine(document: RunDocument, page: Page): string[] {
  const said = document.arms.flatMap((arm) => {
    const median = costMedian(arm);
    const cpu = median("cpuUsPerMessage");
    const bytes = median("pssBytesPerConnection") ?? median("rssBytesPerConnection");
    const parts = [
      ...(cpu === null ? [] : [`${formatUs(cpu)} a message`]),
      ...(bytes === null ? [] : [`${formatBytes(bytes)} a connection`]),
    ];
    return parts.length === 0 ? [] : [`${escapeControls(arm.name)} ${parts.join(" and ")}`];
  });
  if (said.length === 0) return [];
  return wrapText(`Cost, CPU and memory of the proxy: ${said.join("; ")}`, page.width, hanging);
}

/** The first lines of each. */
export function renderWarningsBriefly(document: RunDocument, page: Page): string[] {
  if (document.warnings.length === 0) return [];
  return document.warnings.flatMap(({ code, message }) => {
    const lines = wrapText(
      `Warning: ${escapeControls(message)} (${escapeControls(code)})`,
      page.width,
      hanging,
    );
    const shown = lines.slice(0, warningLines);
    const last = shown.at(-1) ?? "";
    return lines.length === shown.length
      ? lines
      : [...shown.slice(0, -1), cutToWidth(`${last}…`, page.width)];
  });
}

/** `Out of the comparison: off 4 of 14 trials (connections-lost 3, sends-late 1)`; nothing where every trial counts. */
export function renderTrialsOut(document: RunDocument, page: Page): string[] {
  const said = document.arms.flatMap(({ name, trials }) => {
    const out = trials.filter(({ disqualified }) => disqualified);
    if (out.length === 0) return [];
    const of = `${formatCount(out.length)} of ${formatNumberOf(trials.length, "trial")}`;
    return [`${escapeControls(name)} ${of}${reasonWords(out)}`];
  });
  if (said.length === 0) return [];
  return wrapText(`Out of the comparison: ${said.join("; ")}`, page.width, hanging).map((line) =>
    page.paint("yellow", line),
  );
}

function reasonWords(out: readonly TrialResult[]): string {
  const counts = new Map<string, number>();
  for (const reason of out.flatMap(({ disqualifiedBecause }) => disqualifiedBecause))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${escapeControls(reason)} ${formatCount(count)}`);
  return reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;
}

/** `nginx-buffering: 1,000 connections, message ping, paced, 10,000/s; 14 blocks, 2026-03-02 09:00 UTC`. */
export function renderAsked(document: RunDocument, page: Page): string[] {
  const { scenario, startedAt, arms } = document;
  const each = (
    words: (workload: (typeof scenario.arms)[number]["workload"], at: number) => string,
  ): string[] => [
    ...new Set(scenario.arms.map(({ workload }, at) => words(workload, at)).filter((text) => text !== "")),
  ];
  const isSeries = [document.capacity, document.soak, document.rollouts].every((part) => part === undefined);
  const loads = isSeries
    ? each((workload, at) => {
        const name = scenario.arms[at]?.name;
        return loopWords(workload, arms.find((arm) => arm.name === name)?.ratePerS ?? null);
      })
    : [];
  const load = [each(connectionWords), each(messageWords), loads, each(unaskedWords), each(networkWords)]
    .filter((words) => words.length > 0)
    .map((words) => (words.length > 2 ? `${words[0]} and ${words.length - 1} others` : words.join(" or ")));
  const blocks =
    isSeries && allTrials(document).length > 0 ? [formatNumberOf(blocksRun(document), "block")] : [];
  const when = `${startedAt.slice(0, 16).replace("T", " ")} UTC`;
  const hosts = agentWords(document);
  const where = hosts === null ? [] : [escapeControls(hosts)];
  const text = `${escapeControls(scenario.name)}: ${[...load, ...blocks, ...where, when].join(", ")}`;
  return wrapText(text, page.width, hanging).map((line) => page.paint("dim", line));
}

/** What each arm carried, where it was not told what to carry: a closed loop's answer. */
export function renderThroughputLine(document: RunDocument, page: Page): string[] {
  const said = document.arms
    .filter(({ ratePerS, trials }) => ratePerS === null && trials.length > 0)
    .map((arm) => {
      const carried = countedTrials(arm).trials.map(({ throughputPerS }) => throughputPerS);
      const sorted = [...carried].sort((a, b) => a - b);
      const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
      return `${escapeControls(arm.name)} ${formatPerS(median)}/s`;
    });
  return said.length === 0 ? [] : wrapText(`Carried: ${said.join("; ")}`, page.width, hanging);
}

/** Where the rest is. @param stored a run, or a probe, which warns of nothing */
export function renderMore({ runId, warnings = [] }: Stored, page: Page): string[] {
  const warned = warnings.length === 0 ? "" : ` (${formatNumberOf(warnings.length, "warning")})`;
  return wrapText(
    `More: wsrally report ${escapeControls(runId)} --full${warned}, and report.html`,
    page.width,
    hanging,
  ).map((line) => page.paint("dim", line));
}
