/**
 * Runs every compiled test, or those whose path holds one of the words given: `npm test -- load scenario`. With `--times` it ends
 * with the files that took longest, by the clock and by the processor. What failed is told once more at the end.
 * `--nightly` runs those of `*.nightly.test.ts` and no others: long ones, which `npm test` leaves out.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec, tap } from "node:test/reporters";

/** Tests that measure, or look at the machine: one file at a time, for they must not load each other. */
const alone = [
  "commands/capacity",
  "commands/gate",
  "commands/run",
  "commands/scale",
  "commands/soak",
  "commands/verdict-flags",
  "linux/",
  "load/",
  "trial/",
];
/** Files at once of all the others, which compute, or wait for answers and timeouts. */
const together = 2;
const slowestShown = 25;
/**
 * For one file, of which the slowest takes a tenth of it: a test that failed may leave something behind that keeps its
 * file from ending, and nobody waits for that.
 */
const fileLimitMs = 6 * 60_000;

const options = process.argv.slice(2);
const withTimes = options.includes("--times");
const isNightly = options.includes("--nightly");
const words = options.filter((word) => !word.startsWith("--"));
const files = readdirSync("dist-test", { recursive: true })
  .filter((file) => file.endsWith(".test.js") && file.endsWith(".nightly.test.js") === isNightly)
  .filter((file) => words.length === 0 || words.some((word) => `dist-test/${file}`.includes(word)))
  .sort();
if (files.length === 0) {
  process.stderr.write(`No test matches ${words.join(" ")}\n`);
  process.exit(2);
}

const isAlone = (file) => alone.some((start) => file.startsWith(start));
const scratch = mkdtempSync(join(tmpdir(), "wsrally-tests-"));
const notes = join(scratch, "times.jsonl");
const failed = [];
if (withTimes) process.env.NODE_OPTIONS = `--import ${new URL("note-test-times.js", import.meta.url)}`;
process.env.WSRALLY_TEST_TIMES = notes;
await runAll(
  files.filter((file) => !isAlone(file)),
  together,
);
await runAll(files.filter(isAlone), 1);
if (withTimes && existsSync(notes)) printTimes();
printFailures();
rmSync(scratch, { recursive: true });
process.exit(failed.length === 0 ? 0 : 1);

/** Runs the test files, so many at a time, prints what they say, and notes in `failed` what went wrong. */
async function runAll(chosen, concurrency) {
  if (chosen.length === 0) return;
  const paths = chosen.map((file) => join("dist-test", file));
  const events = run({ files: paths, concurrency, timeout: fileLimitMs });
  events.on("test:fail", (failure) => {
    if (failure.details.error.failureType !== "subtestsFailed") failed.push(failure);
  });
  const printed = process.stdout.isTTY ? events.compose(new spec()) : events.compose(tap);
  for await (const text of printed) process.stdout.write(text);
}

/** At the very end, where whoever reads a long log from its end finds it. */
function printFailures() {
  if (failed.length === 0) return;
  process.stdout.write(`\n${failed.length} failed:\n`);
  for (const { name, file, line, details } of failed) {
    const cause = details.error.cause ?? details.error;
    const text = String(cause.stack ?? cause.message ?? cause).replace(/^/gm, "    ");
    process.stdout.write(`\n${relative(process.cwd(), file)}:${line}  ${name}\n${text}\n`);
  }
}

function printTimes() {
  const times = readFileSync(notes, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .sort((a, b) => b.wallS - a.wallS);
  const sum = (figure) => times.reduce((total, one) => total + one[figure], 0).toFixed(0);
  process.stdout.write(`\n  time s   CPU s  file\n`);
  for (const { file, wallS, cpuS } of times.slice(0, slowestShown))
    process.stdout.write(`${wallS.toFixed(1).padStart(8)}${cpuS.toFixed(1).padStart(8)}  ${file}\n`);
  const totals = `${sum("wallS").padStart(8)}${sum("cpuS").padStart(8)}`;
  process.stdout.write(`${totals}  all ${times.length}, of which ${together} run at once where they can\n`);
}
