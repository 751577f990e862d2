/**
 * What wsrally's verdicts are worth: how often it raises a false alarm where nothing differs, and whether and when it
 * finds slowdowns of known size, in real runs and in simulated ones. `npm run bench:verdicts`, or
 * `node bench/verdicts.js [--quick] [--only CASE,…] [--runs N] [--file FILE] [--continue] [--table]` after `npm run build`.
 *
 * It takes hours in full. Every run is appended to FILE (results/verdicts-bench.jsonl) as one line of JSON when it ends, so
 * an interrupted series is not lost: `--continue` runs what is missing, `--table` only prints what there is.
 */
import { parseArgs } from "node:util";
import { clearProgress, progress } from "./support/progress.js";
import { printTable } from "./support/table.js";
import { realCases } from "./verdicts/real-cases.js";
import { openRunFile } from "./verdicts/run-file.js";
import { simulatedCases } from "./verdicts/simulated-cases.js";
import { rowsOf } from "./verdicts/tally.js";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    runs: { type: "string" },
    file: { type: "string", default: "results/verdicts-bench.jsonl" },
    continue: { type: "boolean", default: false },
    table: { type: "boolean", default: false },
  },
});

const kinds = ["aa", "p50", "cpu", "buffer", "simulated"];
const chosen = values.only?.split(",") ?? kinds;
const unknown = chosen.find((kind) => !kinds.includes(kind));
if (unknown !== undefined) fail(`Unknown case "${unknown}": want some of ${kinds.join(",")}`);
const asked = values.runs === undefined ? null : Number(values.runs);
if (asked !== null && !(Number.isInteger(asked) && asked > 0)) {
  fail(`Cannot use --runs ${values.runs}: want a whole number above 0`);
}

const file = openRunFile(values.file, { keep: values.continue || values.table });
const cases = [...realCases, ...simulatedCases].filter(({ kind }) => chosen.includes(kind));
if (!values.table) {
  for (const one of cases) await series(one);
}
clearProgress();
printTable({
  title: "Verdicts",
  columns: ["case", "runs", "worse", "better", "equivalent", "can't tell", "median s", "target", "", ""],
  rows: cases.flatMap((one) => rowsOf(one, file.linesOf(one.name))),
  notes: [`Each run is a line of ${values.file}. A run is worse or better if any of its comparisons is.`],
});

/** Runs a case as often as it takes, and keeps each run at once. */
async function series(one) {
  const wanted = asked ?? (values.quick ? one.quickRuns : one.runs);
  for (let run = file.linesOf(one.name).length; run < wanted; run++) {
    progress(`${one.name}: run ${run + 1} of ${wanted}`);
    try {
      file.append({ case: one.name, run, ...(await one.run({ run })) });
    } catch (thrown) {
      // One run that fails, say on a machine short of memory, must not end a series of hours.
      file.append({ case: one.name, run, outcome: "failed", why: String(thrown?.message ?? thrown) });
    }
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
