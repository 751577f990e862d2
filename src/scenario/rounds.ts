/**
 * Which arms of a block run back to back. What is compared must lie close together in time: the noise of a pair of
 * trials grows with their distance (docs/statistics.md, table E).
 */
import type { Pair, PlannedArm, Round } from "./scenario.js";

/** More arms than this run in rounds against their baseline (docs/statistics.md, table F). */
const mostArms = 5;

/**
 * A round for each baseline with its candidates; where those are more than four, several, and the baseline has a trial
 * in each. Arms that are compared with nothing join the first round of their group.
 */
export function planRounds(arms: readonly PlannedArm[], pairs: readonly Pair[]): Round[] {
  const rounds = [...candidatesOf(pairs)].flatMap(([baseline, candidates]) =>
    evenParts(candidates, mostArms - 1).map((part) => [baseline, ...part]),
  );
  const groupOf = new Map(arms.map(({ name, group }) => [name, group]));
  for (const { name, group } of arms) {
    if (rounds.some((round) => round.includes(name))) continue;
    const fitting = rounds.find(([first]) => groupOf.get(first ?? "") === group);
    if (fitting === undefined) rounds.push([name]);
    else fitting.push(name);
  }
  return rounds;
}

function candidatesOf(pairs: readonly Pair[]): Map<string, string[]> {
  const byBaseline = new Map<string, string[]>();
  for (const { baseline, candidate } of pairs) {
    byBaseline.set(baseline, [...(byBaseline.get(baseline) ?? []), candidate]);
  }
  return byBaseline;
}

/** As few parts as hold at most `most` each, of nearly the same size. */
function evenParts(items: readonly string[], most: number): string[][] {
  const count = Math.ceil(items.length / most);
  return Array.from({ length: count }, (_, part) =>
    items.slice(Math.ceil((part * items.length) / count), Math.ceil(((part + 1) * items.length) / count)),
  );
}
