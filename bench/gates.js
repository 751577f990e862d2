/**
 * What the gate is worth, as a pipeline meets it: `wsrally gate` over a config and itself, on a machine left alone and on
 * a busy one, over slowdowns of known size, and over every broken config of the probe's corpus. `npm run bench:gates`, or
 * `node bench/gates.js [--quick] [--only CASE,…] [--runs N] [--minutes N] [--file FILE] [--continue] [--table] [--page]` after
 * `npm run build` and `npx tsc -p test/tsconfig.json`, which the corpus comes from.
 *
 * Every gate is appended to FILE (bench/kept/gates.jsonl, to be committed) as one line of JSON when it ends: `--continue` runs what is
 * missing, `--minutes 15` a piece of it, `--table` only prints what there is, `--page` keeps the table in
 * docs/how-good-are-the-verdicts.md. `npm run bench:gates` goes on and keeps it.
 */
import { functionalCases } from "./gates/functional-cases.js";
import { sameCases } from "./gates/same-cases.js";
import { slowdownCases } from "./gates/slowdown-cases.js";
import { missedLines, rowsOf } from "./gates/tally.js";
import { writePart } from "./support/page.js";
import { runCases } from "./support/series.js";
import { printTable } from "./support/table.js";

const { file, chosen, all, wantsPage } = await runCases(
  [...sameCases, ...slowdownCases, ...functionalCases],
  {
    file: "bench/kept/gates.jsonl",
  },
);
const columns = [
  "case",
  "gates",
  "failed",
  "passed",
  "can't tell",
  "median s",
  "longest s",
  "target",
  "",
  "",
];
printTable({
  title: "Gates",
  columns,
  rows: chosen.flatMap(rowsOf),
  notes: [...chosen.flatMap(missedLines), `Each gate is a line of ${file}.`],
});
if (wantsPage) {
  writePart("how-good-are-the-verdicts.md", {
    title: "Gates",
    columns,
    cases: all,
    rowsOf,
    notes: all.flatMap(missedLines),
    command: "npm run bench:gates",
  });
}
