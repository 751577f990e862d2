/** What broke, on whose side, and what the proxy itself had to say. */
import { failureMeanings } from "../../load/failure.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Failure } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { besidesOf } from "../words/besides.js";
import { formatCount, formatNumberOf } from "../words/format.js";
import { dimText, heading } from "../words/words.js";

/** Failures of one kind, side and cause, of all of an arm's trials. */
export interface FailureTotal extends Failure {
  readonly arm: string;
}

const logLinesShown = 8;
const logFilesShown = 4;

export function renderFailures(document: RunDocument, page: Page): string[] {
  const totals = failureTotals(document);
  const kinds = [...new Set(totals.map(({ kind }) => kind))];
  if (totals.length === 0) {
    return document.arms.every(({ trials }) => trials.length === 0)
      ? []
      : [...heading("Failures", page), ...wrapText("none", page.width, { first: 2 })];
  }
  return [
    ...heading("Failures", page),
    ...renderTable(
      {
        columns: [
          { title: "kind", align: "left" },
          { title: "side", align: "left" },
          { title: "arm", align: "left" },
          { title: "count", align: "right" },
          { title: "cause", align: "left", flexible: true, keep: 1 },
        ],
        rows: totals.map(({ kind, side, arm, count, cause, example, logMessage }) => ({
          cells: [kind, side, escapeControls(arm), formatCount(count), escapeControls(cause ?? "-")],
          notes: [
            `first: ${escapeControls(example)}`,
            ...(logMessage == null ? [] : [`proxy log: ${escapeControls(logMessage)}`]),
          ],
        })),
      },
      page,
    ),
    ...kinds.flatMap((kind) => dimText(`${kind}: ${failureMeanings[kind]}`, page)),
  ];
}

/** Summed over trials, and apart over what the arms were sent besides; the most frequent first. */
export function failureTotals(document: RunDocument): FailureTotal[] {
  const totals = new Map<string, FailureTotal>();
  const sources = document.arms.flatMap((arm) => [
    { name: arm.name, failures: arm.trials.flatMap(({ failures }) => failures) },
    ...besidesOf(arm).map(({ name, traffic }) => ({
      name: `${arm.name}, ${name}`,
      failures: traffic.failures,
    })),
  ]);
  for (const { name, failures } of sources) {
    for (const failure of failures) {
      const { kind, side, cause, logMessage } = failure;
      const key = JSON.stringify([name, kind, side, cause, logMessage]);
      const before = totals.get(key);
      totals.set(
        key,
        before ? { ...before, count: before.count + failure.count } : { ...failure, arm: name },
      );
    }
  }
  return [...totals.values()].sort((a, b) => b.count - a.count);
}

interface LogTotal {
  readonly arm: string;
  readonly message: string;
  readonly level: string | null;
  readonly cause: string | null;
  readonly count: number;
}

/** Lines of the proxies' error logs, counted by message. */
export function renderProxyLogs(document: RunDocument, page: Page): string[] {
  const lines = logTotals(document);
  if (lines.length === 0) return [];
  const further = lines.length - logLinesShown;
  return [
    ...heading("Proxy log", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "lines", align: "right" },
          { title: "level", align: "left", keep: 1 },
          { title: "message", align: "left", flexible: true },
        ],
        rows: lines.slice(0, logLinesShown).map(({ arm, message, level, cause, count }) => ({
          cells: [
            escapeControls(arm),
            formatCount(count),
            escapeControls(level ?? ""),
            escapeControls(message),
          ],
          notes: cause === null || message.includes(cause) ? [] : [escapeControls(cause)],
        })),
      },
      page,
    ),
    ...(further > 0 ? dimText(`and ${formatNumberOf(further, "further message")}, in run.json`, page) : []),
    ...logFiles(document, page),
  ];
}

/** Summed over trials; the most frequent first. */
function logTotals(document: RunDocument): LogTotal[] {
  const totals = new Map<string, LogTotal>();
  for (const { name, trials } of document.arms) {
    for (const { message, level = null, cause = null, count } of trials.flatMap(({ proxyLog }) => proxyLog)) {
      const key = JSON.stringify([name, level, message]);
      totals.set(key, { arm: name, message, level, cause, count: (totals.get(key)?.count ?? 0) + count });
    }
  }
  return [...totals.values()].sort((a, b) => b.count - a.count);
}

/** Where the whole logs of the trials with failures are. */
function logFiles(document: RunDocument, page: Page): string[] {
  const files = document.arms
    .flatMap(({ trials }) => trials)
    .flatMap(({ proxyLogFile }) => (proxyLogFile == null ? [] : [proxyLogFile]));
  if (files.length === 0) return [];
  const shown = files.slice(0, logFilesShown).map(escapeControls).join(", ");
  const more = files.length > logFilesShown ? " and others" : "";
  return dimText(`every line of the trials with failures: ${shown}${more}, in the run's folder`, page);
}
