/**
 * Runs as tidy CSV (RFC 4180): one row for each trial and metric, for R, pandas and spreadsheets; of a search one for
 * each step and metric, of a soak one for each window and metric. What an arm was sent besides (`burnIn.messages.sent`) is
 * in no block. What was not measured has no row.
 */
import { stringify } from "csv-stringify/sync";
import type { ArmResult, RunDocument } from "../results/run-document.js";
import type { TrialResult } from "../results/trial-schema.js";
import { besidesOf } from "./besides.js";
import { escapeControls } from "./plain-text.js";
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

/** All runs under one header. Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function renderCsv(documents: readonly RunDocument[]): string {
  const rows = documents.flatMap((document) => [
    ...document.arms.flatMap(({ name, group, trials }) =>
      trials.flatMap((trial) => {
        const before = [document.runId, document.scenario.name, name, group].map(escapeControls);
        return trialRows(trial).map((row) => [...before, ...row]);
      }),
    ),
    ...document.arms.flatMap((arm) => besideRows(arm, document)),
    ...searchRows(document).map((row) => rowOf(row, document)),
  ]);
  return stringify([header, ...rows], { record_delimiter: "windows", escape_formulas: true });
}

function trialRows(trial: TrialResult): (string | number)[][] {
  const { block, position, startedAt, disqualified, disqualifiedBecause } = trial;
  const because = escapeControls(disqualifiedBecause.join("; "));
  return trialValues(trial).map(({ metric, unit, value }) => [
    block,
    position,
    startedAt,
    escapeControls(metric),
    unit,
    value,
    String(disqualified),
    because,
    "",
    "",
  ]);
}

/** What an arm was sent besides its trials: in no block, and named by what it was for. */
function besideRows(arm: ArmResult, { runId, scenario }: RunDocument): (string | number)[][] {
  const before = [runId, scenario.name, arm.name, arm.group].map(escapeControls);
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

function rowOf(
  row: ReturnType<typeof searchRows>[number],
  { runId, scenario }: RunDocument,
): (string | number)[] {
  const { arm, at, startedAt, metric, unit, value, isVoid, because, step, outcome } = row;
  const before = [runId, scenario.name, arm, ""].map(escapeControls);
  const said = escapeControls(because.join("; "));
  return [
    ...before,
    at,
    0,
    startedAt,
    escapeControls(metric),
    unit,
    value,
    String(isVoid),
    said,
    step,
    outcome,
  ];
}
