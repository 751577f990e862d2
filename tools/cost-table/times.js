/** How long a cell's windows and runs are: learnt from the runs that are stored, and guessed before there are any. */
import { cellsOf, manyConnections } from "./cells.js";
import { missingArms, runsOf } from "./had.js";
import { armsOf } from "./proxies.js";

const windows = {
  quick: { duration: 0.5, warmup: 0.2 },
  usual: { duration: 1, warmup: 0.3 },
  /** In a closed loop each of many connections waits long for its turn, and a window is to hold several. */
  long: { duration: 2, warmup: 0.6 },
};

/** Seconds that a connection takes to open, with its part of what follows. */
const openingS = { ws: 0.0004, wss: 0.001 };
/** Of a trial: start, drain, stop and pause. Of an arm: check and first connection. */
const trialOverheadS = 0.5;
const armOverheadS = 0.4;

/** Seconds of a trial's window, and of the load before it. */
export function windowOf({ connections }, { quick }) {
  if (quick) return windows.quick;
  return connections < manyConnections ? windows.usual : windows.long;
}

/** Of a run of the cell with so many arms, in seconds. */
export function runSeconds(cell, arms, flags) {
  const trials = arms * flags.blocks + 1;
  const known = secondsATrial(runsOf(cell, flags));
  if (known !== null) return known * trials;
  const { duration, warmup } = windowOf(cell, flags);
  const perTrial = trialOverheadS + warmup + duration + cell.connections * openingS[cell.scheme];
  return arms * armOverheadS + trials * perTrial;
}

/** Preparation and burn-in shared out among the trials; null without a run. */
function secondsATrial(runs) {
  const trials = runs.flatMap(({ arms }) => arms.flatMap((arm) => arm.trials)).length;
  const ms = runs.reduce((sum, run) => sum + Date.parse(run.finishedAt) - Date.parse(run.startedAt), 0);
  return trials === 0 ? null : ms / 1000 / trials;
}

/** Of all passes together, with what is stored taken off. */
export function secondsLeft(flags) {
  return cellsOf(flags)
    .flatMap((cell) =>
      Array.from({ length: flags.rounds }, (_, pass) => {
        const arms = missingArms(armsOf(flags.kinds, cell.scheme), cell, pass, flags);
        return arms.length === 0 ? 0 : runSeconds(cell, arms.length, flags);
      }),
    )
    .reduce((sum, seconds) => sum + seconds, 0);
}
