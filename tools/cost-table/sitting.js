/**
 * Measures the cells that are not stored yet: in every round each cell has a run in which all proxies take turns, so that
 * a cell's runs lie far apart and see all the weather of the machine.
 */
import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folder } from "../../bench/support/own.js";
import { clearProgress, progress } from "../../bench/support/progress.js";
import { runCli } from "../../bench/support/wsrally-cli.js";
import { middleOf } from "../../build/stats/middle-of.js";
import { armsOf } from "./proxies.js";
import { cellName, storedRuns } from "./stored.js";

const pacedShare = 0.3;
/** Seconds of a trial beside its window: start, opening, warm-up, stop. Learnt anew from every run. */
const usualOverheadS = 2.5;
const windows = {
  whole: { duration: 2, warmup: 0.5 },
  quick: { duration: 0.5, warmup: 0.2 },
};

/** @returns what could not be measured here, and why */
export async function measureSitting(flags) {
  const endMs = performance.now() + flags.minutes * 60_000;
  const leftOut = new Map();
  const cells = cellsOf(flags);
  const done = [];
  for (let round = 0; round < flags.rounds; round++) {
    for (const [index, cell] of cells.entries()) {
      const arms = missingArms(cell, round, flags).filter(
        ({ name }) => !leftOut.has(`${groundOf(cell)} ${name}`),
      );
      if (arms.length === 0) continue;
      const tookS = trialS(done, flags) * arms.length * (flags.blocks + 1);
      if (performance.now() + tookS * 1000 > endMs)
        return tell(leftOut, `stopped before ${words(cell)}: the minutes are over`);
      const left = leftWords({ round, index, cells, flags, done });
      say(
        `round ${round + 1} of ${flags.rounds}, cell ${index + 1} of ${cells.length}: ${words(cell)}, ${arms.length} arms${left}`,
      );
      const startMs = performance.now();
      const ran = await measureCell({ cell, arms, flags, leftOut });
      if (ran > 0) done.push((performance.now() - startMs) / 1000 / ran);
    }
  }
  return tell(leftOut, "everything that was asked for is stored");
}

function tell(leftOut, line) {
  say(line);
  return [...leftOut].map(([what, why]) => ({ what, why }));
}

function say(line) {
  clearProgress();
  process.stderr.write(`${line}\n`);
}

/** The paced cell of a load follows the saturated one, which it takes its rates from. */
function cellsOf({ schemes, sizes, connections, loads }) {
  return schemes.flatMap((scheme) =>
    connections.flatMap((count) =>
      sizes.flatMap((bytes) =>
        ["saturation", "paced"]
          .filter((load) => loads.includes(load))
          .map((load) => ({ scheme, bytes, connections: count, load })),
      ),
    ),
  );
}

function words({ scheme, bytes, connections, load }) {
  return `${scheme}, ${bytes} B, ${connections} connections, ${load}`;
}

/** What decides whether a proxy has room. */
function groundOf({ scheme, connections }) {
  return `${scheme}, ${connections} connections:`;
}

/** Arms that have had fewer runs of the cell than this round makes. */
function missingArms(cell, round, flags) {
  const runs = storedRuns(flags).filter(({ scenario }) => scenario.name === cellName(cell, flags.quick));
  const hadBy = (name) => runs.filter(({ arms }) => arms.some((arm) => baseName(arm.name) === name)).length;
  return armsOf(flags.kinds, cell.scheme).filter(({ name }) => hadBy(name) <= round);
}

/** Without what the matrix adds. */
function baseName(name) {
  return name.replace(/\.rate-\d+$/, "");
}

function trialS(done, flags) {
  return middleOf(done) ?? windowOf(flags).duration + windowOf(flags).warmup + usualOverheadS;
}

function windowOf({ quick }) {
  return quick ? windows.quick : windows.whole;
}

function leftWords({ round, index, cells, flags, done }) {
  const runs = (flags.rounds - round) * cells.length - index;
  const perRun = trialS(done, flags) * flags.kinds.length * 2 * (flags.blocks + 1);
  const minutes = Math.ceil((runs * perRun) / 60);
  return `; at most about ${minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`} left`;
}

/**
 * One run; a proxy that has no room for it is left out, and the others go on.
 * @returns how many trials it took
 */
async function measureCell({ cell, arms, flags, leftOut }) {
  let taking = cell.load === "paced" ? withRates(arms, cell, flags, leftOut) : arms;
  while (taking.length > 0) {
    progress(`${words(cell)}: ${taking.map(({ name }) => name).join(" ")}`);
    try {
      const { document } = await runCli(
        join(folder, "runs"),
        ["run", await scenarioFile(cell, taking, flags)],
        { codes: [0] },
      );
      keep(document.runId, flags.out);
      return taking.length * (flags.blocks + 1);
    } catch (thrown) {
      const refused = taking.find(({ name }) => namesArm(thrown.message, name));
      if (refused === undefined) throw thrown;
      const why = thrown.message.replace(/^.* ended with \d+: /, "");
      say(`left out: ${refused.name}: ${why}`);
      leftOut.set(`${groundOf(cell)} ${refused.name}`, why);
      taking = taking.filter((arm) => arm !== refused);
    }
  }
  return 0;
}

function namesArm(message, name) {
  return new RegExp(`\\barms? ${name}(?:\\.rate-\\d+)?(?![\\w.-])`).test(message);
}

/**
 * Of each arm the share of what it carried in the first run of the saturated cell; half as much as before where no trial
 * at that rate was sound.
 */
function withRates(arms, cell, flags, leftOut) {
  const runs = storedRuns(flags);
  const saturated = runs.filter(
    ({ scenario }) => scenario.name === cellName({ ...cell, load: "saturation" }, flags.quick),
  );
  const paced = runs.filter(({ scenario }) => scenario.name === cellName(cell, flags.quick));
  return arms.flatMap((arm) => {
    const [first] = soundOf(saturated, arm.name);
    if (first === undefined) {
      leftOut.set(
        `${groundOf(cell)} ${arm.name}, paced`,
        "no sound trial at saturation says what 30 % of it is",
      );
      return [];
    }
    const tried = paced.flatMap((run) => run.arms.filter(({ name }) => baseName(name) === arm.name)).at(-1);
    const wanted = Math.max(
      1,
      Math.round(pacedShare * middleOf(first.map(({ throughputPerS }) => throughputPerS))),
    );
    if (tried === undefined) return [{ ...arm, rate: wanted }];
    const isSound = tried.trials.some(({ disqualified }) => !disqualified);
    return [{ ...arm, rate: isSound ? tried.ratePerS : Math.max(1, Math.round(tried.ratePerS / 2)) }];
  });
}

/** Sound trials of an arm, run by run, of the runs that have some. */
function soundOf(runs, name) {
  return runs.flatMap(({ arms }) => {
    const sound = arms
      .filter((arm) => baseName(arm.name) === name)
      .flatMap(({ trials }) => trials)
      .filter(({ disqualified }) => !disqualified);
    return sound.length === 0 ? [] : [sound];
  });
}

async function scenarioFile(cell, arms, flags) {
  const rates = arms.flatMap(({ name, rate }) =>
    rate === undefined ? [] : [{ arm: name, rate: String(rate) }],
  );
  const scenario = {
    name: cellName(cell, flags.quick),
    workload: {
      connections: cell.connections,
      payload: cell.bytes,
      blocks: flags.blocks,
      ...windowOf(flags),
      ...(cell.load === "saturation" ? { closed: true } : {}),
    },
    arms: arms.map(({ name, arm, set }) => ({ name, arm, set })),
    // Each arm's own rate, and so a group of its own: nothing is compared between loads that differ.
    ...(rates.length === 0 ? {} : { matrix: { include: rates } }),
  };
  const file = join(folder, "scenario.json");
  await writeFile(file, JSON.stringify(scenario));
  return file;
}

/** Moves a whole run to the others; the report is made from it again by anyone. */
function keep(runId, out) {
  const from = join(folder, "runs", runId);
  rmSync(join(from, "report.html"), { force: true });
  mkdirSync(out, { recursive: true });
  const draft = join(out, `.${runId}.part`);
  cpSync(from, draft, { recursive: true });
  renameSync(draft, join(out, runId));
  rmSync(from, { recursive: true, force: true });
}
