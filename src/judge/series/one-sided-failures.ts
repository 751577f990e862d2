/**
 * Failures are counts, not ratios: a kind that only ever struck the candidate is a regression by itself, however
 * good the latencies of the connections that lived.
 */

/** The failure kinds seen in one trial, usable or not. */
interface TrialFailures {
  readonly arm: string;
  readonly kinds: readonly string[];
}

export interface OneSidedFailure {
  readonly candidate: string;
  readonly kind: string;
  /** Trials of the candidate it was seen in. */
  readonly trials: number;
}

/** Once may be chance; twice, and never with the baseline, is the candidate's. */
const trialsMin = 2;

/** The failure kinds in two or more trials of a candidate and in none of the baseline, sorted by kind. */
export function oneSidedFailures(
  trials: readonly TrialFailures[],
  { baseline, candidates }: { readonly baseline: string; readonly candidates: readonly string[] },
): readonly OneSidedFailure[] {
  const ofBaseline = trialsByKind(trials, baseline);
  return candidates.flatMap((candidate) =>
    [...trialsByKind(trials, candidate)]
      .filter(([kind, count]) => count >= trialsMin && !ofBaseline.has(kind))
      .map(([kind, count]) => ({ candidate, kind, trials: count }))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  );
}

function trialsByKind(trials: readonly TrialFailures[], arm: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const trial of trials) {
    if (trial.arm !== arm) continue;
    for (const kind of new Set(trial.kinds)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
