/**
 * Runs as tidy CSV (RFC 4180): one row for each trial and metric, for R, pandas and spreadsheets; of a search one for
 * each step and metric, of a soak one for each window and metric. What an arm was sent besides (`burnIn.messages.sent`) is
 * in no block. What was not measured has no row.
 */
import { stringify } from "csv-stringify/sync";
import { UsageError } from "../base/errors.js";
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

/** No spreadsheet opens more; a run of thousands of trials has its document. */
const mostBytes = 48 * 1024 ** 2;

type Value = string | number;

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

/** Rows as text: as values they would take ten times the memory, and the same names come a thousand times. */
class CsvSheet {
  readonly #lines: string[] = [];
  readonly #fields = new Map<Value, string>();
  #length = 0;

  add(row: readonly Value[]): void {
    const line = row.map((value) => this.#fieldOf(value)).join(",");
    this.#lines.push(line);
    this.#length += line.length + 2;
    if (this.#length > mostBytes) {
      throw new UsageError(
        `Cannot write CSV of more than ${mostBytes >> 20} MiB: want fewer runs, or json, which has every number too`,
      );
    }
  }

  text(): string {
    return this.#lines.map((line) => `${line}\r\n`).join("");
  }

  /** Most numbers are of one trial alone. */
  #fieldOf(value: Value): string {
    if (typeof value === "number" && value >= 0) return String(value);
    const known = this.#fields.get(value);
    if (known !== undefined) return known;
    const shown = typeof value === "string" ? escapeControls(value) : value;
    const field = stringify([[shown]], { eof: false, escape_formulas: true });
    this.#fields.set(value, field);
    return field;
  }
}

function trialRows(trial: TrialResult): Value[][] {
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
function besideRows(arm: ArmResult, { runId, scenario }: RunDocument): Value[][] {
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

function rowOf(row: ReturnType<typeof searchRows>[number], { runId, scenario }: RunDocument): Value[] {
  const { arm, at, startedAt, metric, unit, value, isVoid, because, step, outcome } = row;
  const before = [runId, scenario.name, arm, ""];
  const after = [String(isVoid), because.join("; "), step, outcome];
  return [...before, at, 0, startedAt, metric, unit, value, ...after];
}
