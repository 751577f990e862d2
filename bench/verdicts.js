/**
 * What wsrally's verdicts are worth: how often it raises a false alarm where nothing differs, and whether and when it
 * finds slowdowns of known size, in real runs and in simulated ones. `npm run bench:verdicts`, or
 * `node bench/verdicts.js [--quick] [--only CASE,…] [--runs N] [--minutes N] [--file FILE] [--continue] [--table] [--page]`
 * after `npm run build`.
 *
 * It takes hours in full. Every run is appended to FILE as one line of JSON when it ends (real ones to bench/kept/verdicts.jsonl,
 * to be committed, simulated ones to results/simulated-verdicts.jsonl), so an interrupted series is not lost: `--continue` runs
 * what is missing, `--minutes 15` a piece of it, `--table` only prints what there is. `--page` keeps the table in docs/how-good-are-the-verdicts.md; `npm run bench:verdicts` does all of that but
 * the limit, and `-- --minutes 15` is a piece.
 */
import { writePart } from "./support/page.js";
import { runCases } from "./support/series.js";
import { printTable } from "./support/table.js";
import { realCases } from "./verdicts/real-cases.js";
import { simulatedCases } from "./verdicts/simulated-cases.js";
import { rowsOf } from "./verdicts/tally.js";

const { file, chosen, all, wantsPage } = await runCases([...realCases, ...simulatedCases], {
  file: "bench/kept/verdicts.jsonl",
});
const columns = ["case", "runs", "worse", "better", "equivalent", "can't tell", "median s", "target", "", ""];
const note = "A run is worse or better if any of its comparisons is.";
printTable({
  title: "Verdicts",
  columns,
  rows: chosen.flatMap(rowsOf),
  notes: [`Each run is a line of ${file}. ${note}`],
});
if (wantsPage) {
  writePart("how-good-are-the-verdicts.md", {
    title: "Verdicts",
    columns,
    cases: all,
    rowsOf,
    notes: [note],
    command: "npm run bench:verdicts",
  });
}
