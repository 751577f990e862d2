/**
 * What wsrally's verdicts are worth: how often it raises a false alarm where nothing differs, and whether and when it
 * finds slowdowns of known size, in real runs and in simulated ones. `npm run bench:verdicts`, or
 * `node bench/verdicts.js [--quick] [--only CASE,…] [--runs N] [--file FILE] [--continue] [--table]` after `npm run build`.
 *
 * It takes hours in full. Every run is appended to FILE (results/verdicts-bench.jsonl) as one line of JSON when it ends, so
 * an interrupted series is not lost: `--continue` runs what is missing, `--table` only prints what there is.
 */
import { runCases } from "./support/series.js";
import { printTable } from "./support/table.js";
import { realCases } from "./verdicts/real-cases.js";
import { simulatedCases } from "./verdicts/simulated-cases.js";
import { rowsOf } from "./verdicts/tally.js";

const { file, chosen } = await runCases([...realCases, ...simulatedCases], {
  file: "results/verdicts-bench.jsonl",
});
printTable({
  title: "Verdicts",
  columns: ["case", "runs", "worse", "better", "equivalent", "can't tell", "median s", "target", "", ""],
  rows: chosen.flatMap((one) => rowsOf(one, one.lines)),
  notes: [`Each run is a line of ${file}. A run is worse or better if any of its comparisons is.`],
});
