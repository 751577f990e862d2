/**
 * Measures the cells that are not stored yet: in every pass each cell has a run in which all proxies take turns, so that
 * the table is whole after the first, and a cell's runs lie far apart and see all the weather of the machine.
 */
import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { folder } from "../../bench/support/own.js";
import { clearProgress, progress } from "../../bench/support/progress.js";
import { runCli } from "../../bench/support/wsrally-cli.js";
import { cellsOf, cellWords, pacedOf, roomOf } from "./cells.js";
import { missingArms } from "./had.js";
import { armsOf } from "./proxies.js";
import { pacedRate } from "./rates.js";
import { cellName } from "./stored.js";
import { runSeconds, secondsLeft, windowOf } from "./times.js";

/**
 * @param afterPass what could not be measured here so far, and why: the table is whole again
 * @returns the same at the end
 */
export async function measureSitting(flags, afterPass) {
  const endMs = performance.now() + flags.minutes * 60_000;
  const leftOut = new Map();
  const cells = cellsOf(flags);
  // One pass more for arms of which too few trials were sound.
  for (let pass = 0; pass <= flags.rounds; pass++) {
    let ran = 0;
    for (const [index, cell] of cells.entries()) {
      const arms = missingArms(armsOf(flags.kinds, cell.scheme), cell, pass, flags).filter(
        ({ name }) => !leftOut.has(roomOf(cell, name)),
      );
      if (arms.length === 0) continue;
      if (performance.now() + runSeconds(cell, arms.length, flags) * 1000 > endMs)
        return tell(leftOut, `stopped before ${cellWords(cell)}: the minutes are over`);
      const which = pass < flags.rounds ? `pass ${pass + 1} of ${flags.rounds}` : "once more";
      const left = leftWords(secondsLeft(flags));
      say(`${which}, cell ${index + 1} of ${cells.length}: ${cellWords(cell)}, ${arms.length} arms${left}`);
      if (await measureCell({ cell, arms, flags, leftOut })) ran += 1;
    }
    if (ran > 0) afterPass(told(leftOut));
  }
  return tell(leftOut, "everything that was asked for is stored");
}

function tell(leftOut, line) {
  say(line);
  return told(leftOut);
}

function told(leftOut) {
  return [...leftOut].map(([what, why]) => ({ what, why }));
}

function say(line) {
  clearProgress();
  process.stderr.write(`${line}\n`);
}

function leftWords(seconds) {
  if (seconds === 0) return "";
  const minutes = Math.ceil(seconds / 60);
  return `; about ${minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`} left`;
}

/**
 * One run; a proxy that has no room for it is left out, and the others go on.
 * @returns whether there is one more
 */
async function measureCell({ cell, arms, flags, leftOut }) {
  let taking = cell.load === "paced" ? withRates(arms, cell, flags, leftOut) : arms;
  while (taking.length > 0) {
    progress(`${cellWords(cell)}: ${taking.map(({ name }) => name).join(" ")}`);
    try {
      const { document } = await runCli(
        join(folder, "runs"),
        ["run", await scenarioFile(cell, taking, flags)],
        { codes: [0] },
      );
      keep(document.runId, flags.out);
      return true;
    } catch (thrown) {
      const refused = taking.find(({ name }) => namesArm(thrown.message, name));
      if (refused === undefined) throw thrown;
      const why = thrown.message.replace(/^.* ended with \d+: /, "");
      say(`left out: ${refused.name}: ${why}`);
      leftOut.set(roomOf(cell, refused.name), why);
      taking = taking.filter((arm) => arm !== refused);
    }
  }
  return false;
}

function namesArm(message, name) {
  return new RegExp(`\\barms? ${name}(?:\\.rate-\\d+)?(?![\\w.-])`).test(message);
}

/** What has no rate is left out of the paced cell. */
function withRates(arms, cell, flags, leftOut) {
  return arms.flatMap((arm) => {
    const rate = pacedRate(arm.name, cell, flags);
    if (rate !== null) return [{ ...arm, rate }];
    leftOut.set(pacedOf(cell, arm.name), "no sound trial at saturation says what 30 % of it is");
    return [];
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
      // Every trial has a fresh proxy and a warm-up of its own: one burn-in warms up what they share.
      burnIn: "one",
      ...windowOf(cell, flags),
      ...(cell.load === "saturation" ? { closed: true } : {}),
    },
    arms: arms.map(({ name, arm, set }) => ({ name, arm, set })),
    // Figures are wanted here, and no verdict: a baseline would have more trials than the others.
    compare: { axis: "none" },
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
