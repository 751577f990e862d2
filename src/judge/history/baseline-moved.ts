/**
 * Has the machine changed since the last run of this scenario? Runs are never compared with each other; but a baseline that
 * took three times as long before says that something happened (docs/statistics.md, Stored baselines and history).
 */
import type { ArmResult, RunDocument } from "../../results/run-document.js";

type Warning = RunDocument["warnings"][number];

/** Noise between runs of the same config reaches a factor of two. */
const movedFactor = 3;

/** One warning for each baseline and figure that moved; none for a baseline whose config or load is another. */
export function baselineMoved(document: RunDocument, earlier: RunDocument): Warning[] {
  const baselines = [...new Set(document.scenario.pairs.map(({ baseline }) => baseline))];
  return baselines.flatMap((name) => {
    const now = document.arms.find((arm) => arm.name === name);
    const before = earlier.arms.find((arm) => arm.name === name);
    if (now === undefined || before === undefined || !isSame(now, before, [document, earlier])) return [];
    return figures.flatMap(({ words, of }) => {
      const ratio = middle(now, of) / middle(before, of);
      if (!(ratio > movedFactor || ratio < 1 / movedFactor)) return [];
      const message = `${name}: its ${words} is ${ratio.toPrecision(2)} times that of ${earlier.runId}, with the same config and load: the machine is not what it was; only what ran side by side can be compared`;
      return [{ code: "baseline-moved", message }];
    });
  });
}

const figures = [
  { words: "median round trip", of: (trial: ArmResult["trials"][number]) => trial.latencyUs.roundTrip.p50 },
  {
    words: "CPU a message",
    of: (trial: ArmResult["trials"][number]) => trial.proxyCost?.cpuUsPerMessage ?? null,
  },
];

function isSame(
  now: ArmResult,
  before: ArmResult,
  [document, earlier]: readonly [RunDocument, RunDocument],
): boolean {
  const workloadOf = ({ scenario }: RunDocument, { name }: ArmResult): string => {
    const { connections, loop, message } = scenario.arms.find((arm) => arm.name === name)?.workload ?? {};
    return JSON.stringify([connections, loop, message]);
  };
  const { proxy } = now;
  return (
    proxy.kind === before.proxy.kind &&
    proxy.configSha256 === before.proxy.configSha256 &&
    workloadOf(document, now) === workloadOf(earlier, before)
  );
}

/** The upper median over sound trials; NaN without any, which compares as not moved. */
function middle({ trials }: ArmResult, of: (trial: ArmResult["trials"][number]) => number | null): number {
  const values = trials.flatMap((trial) => (trial.disqualified ? [] : (of(trial) ?? [])));
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
