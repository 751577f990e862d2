/**
 * Runs every compiled test, or those whose path holds one of the words given: `npm test -- load scenario`. With `--times` it ends
 * with the files that took longest, by the clock and by the processor.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
const words = options.filter((word) => word !== "--times");
const files = readdirSync("dist-test", { recursive: true })
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => words.length === 0 || words.some((word) => `dist-test/${file}`.includes(word)))
  .sort();
if (files.length === 0) {
  process.stderr.write(`No test matches ${words.join(" ")}\n`);
  process.exit(2);
}

const isAlone = (file) => alone.some((start) => file.startsWith(start));
const scratch = mkdtempSync(join(tmpdir(), "wsrally-tests-"));
const notes = join(scratch, "times.jsonl");
const statuses = [
  run(
    files.filter((file) => !isAlone(file)),
    together,
  ),
  run(files.filter(isAlone), 1),
];
if (withTimes && existsSync(notes)) printTimes();
rmSync(scratch, { recursive: true });
process.exit(statuses.find((status) => status !== 0) ?? 0);

/** The exit code of the test runner; 0 for no files. */
function run(chosen, concurrency) {
  if (chosen.length === 0) return 0;
  const args = [
    ...(withTimes ? ["--import", "./tools/note-test-times.js"] : []),
    "--test",
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${fileLimitMs}`,
    ...chosen.map((file) => `dist-test/${file}`),
  ];
  const env = { ...process.env, WSRALLY_TEST_TIMES: notes };
  return spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1;
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
