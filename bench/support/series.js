/**
 * A bench of many runs: each is appended to FILE as one line of JSON when it ends, so that an interrupted series is not
 * lost.
 *
 * A case: `kind` (for --only), `name`, `runs` and `quickRuns`, and `run({ run })` to a line's data.
 */
import { parseArgs } from "node:util";
import { openRunFile } from "../verdicts/run-file.js";
import { clearProgress, progress } from "./progress.js";

/**
 * Reads the flags: `--quick`, `--only KIND,…`, `--runs N`, `--file FILE`, `--continue` (runs what is missing), and
 * `--table` (runs nothing).
 * @returns the chosen cases with their lines
 */
export async function runCases(cases, { file: defaultFile }) {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      runs: { type: "string" },
      file: { type: "string", default: defaultFile },
      continue: { type: "boolean", default: false },
      table: { type: "boolean", default: false },
    },
  });
  const kinds = [...new Set(cases.map(({ kind }) => kind))];
  const only = values.only?.split(",") ?? kinds;
  const unknown = only.find((kind) => !kinds.includes(kind));
  if (unknown !== undefined) fail(`Unknown case "${unknown}": want some of ${kinds.join(",")}`);
  const asked = values.runs === undefined ? null : Number(values.runs);
  if (asked !== null && !(Number.isInteger(asked) && asked > 0)) {
    fail(`Cannot use --runs ${values.runs}: want a whole number above 0`);
  }
  const file = openRunFile(values.file, { keep: values.continue || values.table });
  const chosen = cases.filter(({ kind }) => only.includes(kind));
  if (!values.table) {
    for (const one of chosen) {
      await series(one, file, asked ?? (values.quick ? one.quickRuns : one.runs));
    }
  }
  clearProgress();
  return { file: values.file, chosen: chosen.map((one) => ({ ...one, lines: file.linesOf(one.name) })) };
}

/** Runs a case as often as it takes, and keeps each run at once. */
async function series(one, file, wanted) {
  const first = file.linesOf(one.name).length;
  for (let run = first; run < wanted; run++) {
    progress(`${one.name}: run ${run + 1} of ${wanted}`);
    try {
      file.append({ case: one.name, run, ...(await one.run({ run })) });
    } catch (thrown) {
      // One run that fails, say on a machine short of memory, must not end a series of hours.
      file.append({ case: one.name, run, outcome: "error", why: String(thrown?.message ?? thrown) });
    }
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
