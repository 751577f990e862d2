/**
 * What the gate is worth, as a pipeline meets it: `wsrally gate` over a config and itself, on a machine left alone and on
 * a busy one, over slowdowns of known size, and over every broken config of the probe's corpus. `npm run bench:gates`, or
 * `node bench/gates.js [--quick] [--only CASE,…] [--runs N] [--file FILE] [--continue] [--table]` after `npm run build` and
 * `npx tsc -p test/tsconfig.json`, which the corpus comes from.
 *
 * Every gate is appended to FILE (results/gates-bench.jsonl) as one line of JSON when it ends: `--continue` runs what is
 * missing, `--table` only prints what there is.
 */
import { functionalCases } from "./gates/functional-cases.js";
import { sameCases } from "./gates/same-cases.js";
import { slowdownCases } from "./gates/slowdown-cases.js";
import { missedLines, rowsOf } from "./gates/tally.js";
import { runCases } from "./support/series.js";
import { printTable } from "./support/table.js";

const { file, chosen } = await runCases([...sameCases, ...slowdownCases, ...functionalCases], {
  file: "results/gates-bench.jsonl",
});
printTable({
  title: "Gates",
  columns: ["case", "gates", "failed", "passed", "can't tell", "median s", "longest s", "target", "", ""],
  rows: chosen.flatMap(rowsOf),
  notes: [...chosen.flatMap(missedLines), `Each gate is a line of ${file}.`],
});
