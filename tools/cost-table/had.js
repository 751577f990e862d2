/** What a cell has had by now, arm by arm, of the runs that are stored. */
import { cellName, storedRuns } from "./stored.js";

/** So many sound trials tell an interval of their median. */
const trialsForInterval = 6;

/** The cell's, the oldest first. */
export function runsOf(cell, flags) {
  const name = cellName(cell, flags.quick);
  return storedRuns(flags).filter(({ scenario }) => scenario.name === name);
}

/** Of an arm in a run, where it took part: as it was named there, with its rate and trials. */
export function armIn({ arms }, name) {
  return arms.find((arm) => arm.name.replace(/\.rate-\d+$/, "") === name);
}

export function soundTrials(arm) {
  return arm.trials.filter(({ disqualified }) => !disqualified);
}

/**
 * Arms that have had fewer runs of the cell than this pass makes. In the pass after the last one, those that have had
 * them all and still lack sound trials for an interval.
 */
export function missingArms(arms, cell, pass, flags) {
  const runs = runsOf(cell, flags);
  return arms.filter(({ name }) => {
    const had = runs.flatMap((run) => armIn(run, name) ?? []);
    if (pass < flags.rounds) return had.length <= pass;
    return had.length === flags.rounds && lacksTrials(had, flags);
  });
}

/** At the rate that it had last: trials at another are another figure's. */
function lacksTrials(had, { rounds, blocks }) {
  if (rounds * blocks < trialsForInterval) return false;
  const rate = had.at(-1).ratePerS;
  const sound = had.filter(({ ratePerS }) => ratePerS === rate).flatMap(soundTrials);
  return sound.length < trialsForInterval;
}
