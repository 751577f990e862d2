/**
 * Runs as tidy CSV (RFC 4180): one row for each trial and metric, for R, pandas and spreadsheets; of a search one for
 * each step and metric, of a soak one for each window and metric. What an arm was sent besides (`burnIn.messages.sent`) is
 * in no block. What was not measured has no row; of a window that does not count, `atS` and `durationS` have, with the reason.
 */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { besidesOf } from "../words/besides.js";
import { CsvSheet, type CsvValue } from "./csv-sheet.js";
import { searchRows } from "./search-values.js";
import { numbersOf, trialValues } from "./trial-values.js";

const header = [
  "run",
  "scenario",
  "arm",
  "group",
  "block",
  "position",
  "startedAt",
  "metric",
  "unit",
  "value",
  "disqualified",
  "disqualifiedBecause",
  "step",
  "outcome",
];

/**
 * All runs under one header. Text that a spreadsheet would take for a formula gets an apostrophe in front.
 * @throws UsageError for runs whose rows come to more than 48 MiB
 */
export function renderCsv(documents: readonly RunDocument[]): string {
  const sheet = new CsvSheet();
  sheet.add(header);
  for (const document of documents) {
    for (const { name, group, trials } of document.arms) {
      for (const trial of trials) {
        const before = [document.runId, document.scenario.name, name, group];
        for (const row of trialRows(trial)) sheet.add([...before, ...row]);
      }
    }
    for (const arm of document.arms) {
      for (const row of besideRows(arm, document)) sheet.add(row);
    }
    for (const row of searchRows(document)) sheet.add(rowOf(row, document));
  }
  return sheet.text();
}

function trialRows(trial: TrialResult): CsvValue[][] {
  const { block, position, startedAt, disqualified, disqualifiedBecause } = trial;
  const because = disqualifiedBecause.join("; ");
  return trialValues(trial).map(({ metric, unit, value }) => [
    block,
    position,
    startedAt,
    metric,
    unit,
    value,
    String(disqualified),
    because,
    "",
    "",
  ]);
}

/** What an arm was sent besides its trials: in no block, and named by what it was for. */
function besideRows(arm: ArmResult, { runId, scenario }: RunDocument): CsvValue[][] {
  const before = [runId, scenario.name, arm.name, arm.group];
  return besidesOf(arm).flatMap(({ key, traffic }) => {
    const { failures, ...counts } = traffic;
    const failed = failures.map(({ kind, side, count }) => ({
      metric: `failures.${kind}.${side}`,
      value: count,
    }));
    return [...numbersOf(counts, ""), ...failed].map(({ metric, value }) => [
      ...before,
      "",
      "",
      "",
      `${key}.${metric}`,
      "count",
      value,
      "",
      "",
      key,
      "",
    ]);
  });
}

function rowOf(row: ReturnType<typeof searchRows>[number], { runId, scenario }: RunDocument): CsvValue[] {
  const { arm, at, startedAt, metric, unit, value, isVoid, because, step, outcome } = row;
  const before = [runId, scenario.name, arm, ""];
  const after = [String(isVoid), because.join("; "), step, outcome];
  return [...before, at, 0, startedAt, metric, unit, value, ...after];
}
