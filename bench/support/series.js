/**
 * A bench of many runs: each is appended to FILE as one line of JSON when it ends, so that an interrupted series is not
 * lost.
 *
 * A case: `kind` (for --only), `name`, `runs` and `quickRuns`, `run({ run })` to a line's data, and `file` where its lines have one
 * of their own.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openRunFile } from "../verdicts/run-file.js";
import { clearProgress, progress } from "./progress.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Reads the flags: `--quick`, `--only KIND,…`, `--runs N`, `--file FILE` (for all cases), `--continue` (runs what is missing;
 * without it the chosen cases begin anew), `--minutes N` (begins no run after so long: the rest is for `--continue`),
 * `--table` (runs nothing), and `--page` (writes the page too).
 * @returns where lines are, the chosen cases with their lines, all of them with theirs, and whether the page is to be written
 */
export async function runCases(cases, { file: defaultFile }) {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      runs: { type: "string" },
      file: { type: "string" },
      continue: { type: "boolean", default: false },
      table: { type: "boolean", default: false },
      minutes: { type: "string" },
      page: { type: "boolean", default: false },
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
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
  if (!(minutes > 0)) fail(`Cannot use --minutes ${values.minutes}: want a number above 0`);
  const untilMs = performance.now() + minutes * 60_000;
  const nameOf = ({ file = defaultFile }) => values.file ?? file;
  const chosen = cases.filter(({ kind }) => only.includes(kind));
  const anew = values.continue || values.table ? [] : chosen.map(({ name }) => name);
  const files = new Map([...new Set(cases.map(nameOf))].map((name) => [name, openRunFile(name, { anew })]));
  const fileOf = (one) => files.get(nameOf(one));
  if (!values.table) {
    for (const one of chosen) {
      await series(one, fileOf(one), { wanted: asked ?? (values.quick ? one.quickRuns : one.runs), untilMs });
    }
  }
  clearProgress();
  const withLines = (some) => some.map((one) => ({ ...one, lines: fileOf(one).linesOf(one.name) }));
  return {
    file: [...files.keys()].join(" or "),
    chosen: withLines(chosen),
    all: withLines(cases),
    wantsPage: values.page,
  };
}

/** Runs a case as often as it takes, and keeps each run at once. */
async function series(one, file, { wanted, untilMs }) {
  const first = file.linesOf(one.name).length;
  for (let run = first; run < wanted && performance.now() < untilMs; run++) {
    const at = new Date().toISOString();
    progress(`${one.name}: run ${run + 1} of ${wanted}`);
    try {
      file.append({ case: one.name, run, at, ...(await one.run({ run })) });
    } catch (thrown) {
      // One run that fails, say on a machine short of memory, must not end a series of hours.
      file.append({ case: one.name, run, at, outcome: "error", why: withoutRoot(thrown) });
    }
  }
}

/** Lines are kept with the project, wherever it lay. */
function withoutRoot(thrown) {
  return String(thrown?.message ?? thrown).replaceAll(root, "");
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
