/**
 * Runs every compiled test, or those whose path holds one of the words given: `npm test -- load scenario`. A test's file name tells
 * what it needs, and so how it is run:
 *
 * - `*.test.ts` computes, and starts nothing: many to a process, for a process costs more than most of them;
 * - `*.real.test.ts` starts programs, opens sockets: the long ones have a process each, the others share some, several at once;
 * - `*.alone.test.ts` measures, and nothing else may load the machine meanwhile: one after the other;
 * - `*.nightly.test.ts` takes long: run by `--nightly`, which runs no others.
 *
 * `--unit` runs the first kind alone. With `--times` the run ends with the files that took longest. What failed is told once more
 * at the end.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { spec, tap } from "node:test/reporters";
import { pathToFileURL } from "node:url";

/** In the order they are run; `together` is how many processes at once: those of `real` wait for most of their time. */
const lanes = [
  { name: "pure", together: 2 },
  { name: "real", together: 3 * availableParallelism() + 1 },
  { name: "alone", together: 1 },
  { name: "nightly", together: 1 },
];
/** Started first, for nobody is to wait in the end for one that started last; by `--times`, the longest first. */
const longest = [
  "probe/corpus",
  "commands/run",
  "commands/rollout",
  "proxy/contract-run",
  "commands/gate",
  "trial/attribution",
  "proxy/haproxy/corpus",
  "commands/stored-runs",
  "commands/readme",
  "commands/closed-output",
  "commands/secrets",
  "proxy/contract-config",
  "commands/soak",
  "commands/verdict-flags",
  "proxy/caddy/corpus",
  "proxy/envoy/corpus",
  "conformance/engines",
].map((name) => `${name}.real.test.js`);
/** They change their process, which nobody is to share with them. */
const ownProcess = [
  "commands/fetch-config",
  "commands/gate-scenario",
  "commands/own-backend",
  "proxy/haproxy/confine-config",
  "proxy/install-program",
  "proxy/nginx/confine-config",
].map((name) => `${name}.real.test.js`);
/** More than run at once, for one may have much more to do than another. */
const sharedProcesses = { pure: 4, real: 12 };
const slowestShown = 25;
/**
 * For one process, of which the slowest takes a tenth of it: a test that failed may leave something behind that keeps its
 * file from ending, and nobody waits for that.
 */
const processLimitMs = 10 * 60_000;

const options = process.argv.slice(2);
const withTimes = options.includes("--times");
const isAsked = (lane) =>
  options.includes("--unit")
    ? lane === "pure"
    : options.includes("--nightly")
      ? lane === "nightly"
      : lane !== "nightly";
const words = options.filter((word) => !word.startsWith("--"));
const tests = readdirSync("dist-test", { recursive: true }).filter((file) => file.endsWith(".test.js"));
const missing = longest.filter((file) => !tests.includes(file));
if (missing.length > 0) throw new Error(`Of the longest tests there is no ${missing.join(", ")}`);
const files = tests
  .filter((file) => isAsked(laneOf(file)))
  .filter((file) => words.length === 0 || words.some((word) => `dist-test/${file}`.includes(word)))
  .sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
if (files.length === 0) {
  process.stderr.write(`No test matches ${words.join(" ")}\n`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), "wsrally-tests-"));
const notes = join(scratch, "times.jsonl");
const failed = [];
/** What tests did after their end, which no failure names. */
const late = [];
/** Seconds by file of those that share a process. */
const sharedS = new Map();
const seed = seedOf(process.env.WSRALLY_SEED);
const seedWords = `The seed of property tests is ${seed}: WSRALLY_SEED=${seed} repeats it`;
process.env.WSRALLY_SEED = `${seed}`;
process.env.WSRALLY_TEST_TIMES = notes;
if (withTimes) process.env.NODE_OPTIONS = `--import ${new URL("note-test-times.js", import.meta.url)}`;
process.stdout.write(`# ${seedWords}\n`);
const summary = [];
for (const { name, together } of lanes) {
  const chosen = files.filter((file) => laneOf(file) === name);
  if (chosen.length === 0) continue;
  const startedMs = performance.now();
  const apart = name === "pure" ? [] : chosen.filter(isApart);
  await runAll([...apart, ...shareOut(name, chosen)], together);
  summary.push({ name, count: chosen.length, tookS: (performance.now() - startedMs) / 1000 });
}
if (withTimes) printTimes();
printFailures();
printSummary();
rmSync(scratch, { recursive: true });
process.exit(failed.length === 0 ? 0 : 1);

function placeOf(file) {
  const place = longest.indexOf(file);
  return place === -1 ? longest.length : place;
}

/** Whether it has a process of its own: to load the program takes half a second, which is most of what many a file takes. */
function isApart(file) {
  return laneOf(file) !== "real" || longest.includes(file) || ownProcess.includes(file);
}

function laneOf(file) {
  return /\.(real|alone|nightly)\.test\.js$/.exec(file)?.[1] ?? "pure";
}

/** By default the commit's, so that a red build is its author's; where there is no git, always the same. */
function seedOf(wish) {
  if (wish !== undefined && !/^-?\d+$/.test(wish)) {
    process.stderr.write(`Cannot use WSRALLY_SEED=${wish}: want a whole number\n`);
    process.exit(2);
  }
  if (wish !== undefined) return Number(wish) | 0;
  try {
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { stdio: ["ignore", "pipe", "ignore"] });
    return Number.parseInt(`${commit}`.slice(0, 8), 16) | 0;
  } catch {
    return 1;
  }
}

/** Writes a file for each process, which loads its share of the tests that need none of their own. */
function shareOut(lane, chosen) {
  const shared = lane === "pure" ? chosen : chosen.filter((file) => !isApart(file));
  const processes = Math.min(sharedProcesses[lane] ?? 0, shared.length);
  return Array.from({ length: processes }, (_, process) => {
    const share = shared
      .filter((_, index) => index % processes === process)
      .map((file) => pathToFileURL(resolve("dist-test", file)).href);
    const name = `shared-${lane}-${process + 1}.js`;
    writeFileSync(
      join("dist-test", name),
      `import { loadTests } from "../tools/load-tests.js";\n\nawait loadTests(${JSON.stringify(share, null, 2)});\n`,
    );
    return name;
  });
}

/** Runs the files, so many at a time, prints what they say, and notes in `failed` what went wrong. */
async function runAll(chosen, concurrency) {
  const paths = chosen.map((file) => join("dist-test", file));
  const events = run({ files: paths, concurrency, timeout: processLimitMs });
  events.on("test:fail", (failure) => {
    noteTime(failure);
    if (failure.details.error.failureType !== "subtestsFailed") failed.push(failure);
  });
  events.on("test:pass", noteTime);
  events.on("test:diagnostic", ({ message }) => {
    if (message.startsWith("Error: ")) late.push(message);
  });
  const printed = process.stdout.isTTY ? events.compose(new spec()) : events.compose(tap);
  for await (const text of printed) process.stdout.write(text);
}

function noteTime({ nesting, file, details }) {
  if (nesting !== 0 || file === undefined) return;
  const path = relative("dist-test", file);
  if (!path.endsWith(".test.js") || (laneOf(path) !== "pure" && isApart(path))) return;
  sharedS.set(path, (sharedS.get(path) ?? 0) + details.duration_ms / 1000);
}

/** At the end, where whoever reads a long log from its end finds it. */
function printFailures() {
  if (failed.length === 0) return;
  process.stdout.write(`\n${failed.length} failed. ${seedWords}\n`);
  for (const { name, file, line, details } of failed) {
    const cause = details.error.cause ?? details.error;
    const text = String(cause.stack ?? cause.message ?? cause).replace(/^/gm, "    ");
    process.stdout.write(`\n${relative(process.cwd(), file)}:${line}  ${name}\n${text}\n`);
  }
  for (const message of late) process.stdout.write(`\n${message}\n`);
}

function printSummary() {
  const total = (figure) => summary.reduce((sum, lane) => sum + lane[figure], 0);
  const all = { name: "all", count: total("count"), tookS: total("tookS") };
  process.stdout.write("\n");
  for (const { name, count, tookS } of [...summary, all])
    process.stdout.write(
      `# ${name.padEnd(8)}${`${count}`.padStart(4)} files${tookS.toFixed(0).padStart(6)} s\n`,
    );
}

/** Processor seconds are a process's: those of files that share one are told together. */
function printTimes() {
  const processes = existsSync(notes)
    ? readFileSync(notes, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const shared = [...sharedS].map(([file, wallS]) => ({ file, wallS, cpuS: null }));
  const times = [...processes, ...shared].sort((a, b) => (b.cpuS ?? b.wallS) - (a.cpuS ?? a.wallS));
  const row = (wall, cpu, file) => process.stdout.write(`${wall.padStart(8)}${cpu.padStart(8)}  ${file}\n`);
  process.stdout.write("\n");
  row("time s", "CPU s", "file");
  for (const { file, wallS, cpuS } of times.slice(0, slowestShown))
    row(wallS.toFixed(1), cpuS?.toFixed(1) ?? "", file);
  const total = (figure) => processes.reduce((sum, one) => sum + one[figure], 0).toFixed(0);
  row(total("wallS"), total("cpuS"), `all ${processes.length} processes`);
}
