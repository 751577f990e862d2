/**
 * `wsrally verify`: makes every figure of a stored cost table again from the runs beside it, and says which does not follow.
 */
import { join } from "node:path";
import { Command } from "commander";
import { UnfoundedError, UsageError } from "../base/errors.js";
import { exitCodes } from "../base/exit-codes.js";
import { HistogramBudgetError } from "../base/histogram-log.js";
import { checkCostTable } from "../judge/cost-table/check-cost-table.js";
import { checkTrials, type TrialsCheck } from "../judge/cost-table/check-trials.js";
import { type Verification, verifyReport } from "../report/cost-table/verify-report.js";
import { jsonText } from "../report/words/json-text.js";
import { readCostTable, type StoredCostTable } from "../results/read-cost-table.js";
import { readDocument, readIntervals } from "../results/read-run.js";
import type { RunDocument } from "../results/run-document.js";
import { storedFiles } from "../results/stored-list.js";
import type { CommandContext } from "./terminal.js";

export function verifyCommand({ terminal }: CommandContext): Command {
  return new Command("verify")
    .description(
      "Makes every figure of a stored cost table again from the runs beside it, looks whether the trials say what their histograms hold, and says which " +
        `figure does not follow (exit code ${exitCodes.failed}).`,
    )
    .argument("<folder>", "folder with cost-table.json and its runs, as `npm run cost-table` leaves it")
    .option("--json", "print what was found as JSON on stdout, and nothing else there")
    .addHelpText("after", examples)
    .action((folder: string, flags: { readonly json?: true }) => {
      const found = verify(folder);
      terminal.stdout.write(flags.json ? jsonText(found) : verifyReport(found));
      if (found.faults.length > 0)
        throw new UnfoundedError(`The cost table in ${folder} does not follow from its runs`);
    });
}

/** @throws UsageError for files that are missing, broken or no plain files */
function verify(folder: string): Verification {
  const stored = readCostTable(folder);
  const checks: TrialsCheck[] = [];
  const documents = stored.table.runs.map((runId) => {
    const document = readOne(folder, runId);
    checks.push(checkTrials(document, intervalsOf(document, join(folder, runId))));
    return document;
  });
  const table = checkCostTable(stored.table, documents);
  const sum = (pick: (check: TrialsCheck) => number): number =>
    checks.reduce((total, check) => total + pick(check), 0);
  return {
    folder,
    runs: documents.length,
    trials: sum(({ trials }) => trials),
    figures: table.figures,
    values: sum(({ values }) => values),
    faults: [...table.faults, ...checks.flatMap(({ faults }) => faults), ...otherRuns(stored)],
  };
}

function readOne(folder: string, runId: string): RunDocument {
  const file = join(folder, runId, storedFiles.run);
  const document = readDocument(file);
  if (document.runId === runId) return document;
  throw new UsageError(
    `Cannot read the run ${file}: it is another run's; want the one that the folder is named after`,
  );
}

function intervalsOf(document: RunDocument, folder: string): ReturnType<typeof readIntervals> {
  try {
    return readIntervals(document, folder);
  } catch (thrown) {
    if (!(thrown instanceof HistogramBudgetError)) throw thrown;
    throw new UsageError(
      `Cannot read the histograms of ${folder}: they are more than a run of a cost table has`,
    );
  }
}

/** Whoever leaves out a run that he did not like is found out. */
function otherRuns({ table, stored }: StoredCostTable): string[] {
  const named = new Set(table.runs);
  return stored
    .filter((id) => !named.has(id))
    .map((id) => `${id}: the run lies there, and the table leaves it out`);
}

const examples = `
Examples:
  wsrally verify paper
  wsrally verify paper --json
`;
