/**
 * Where a system's capacity lies, from probes that passed or failed at known loads. One logistic curve for the chance
 * of passing, a lapse share for the machine's bad moments, and a flat prior over the logarithm of the capacity:
 * Bayesian threshold estimation as psychophysics does it (QUEST: Watson & Pelli 1983), with constants of our
 * own (docs/statistics.md, Capacity). Pure.
 */

/** One trial at a load. */
export interface CapacityProbe {
  /** Above 0, in whatever unit the search is about. */
  readonly load: number;
  readonly passed: boolean;
}

export interface CapacityPosterior {
  readonly q05: number;
  readonly median: number;
  readonly q95: number;
  /** ln(q95 / q05): about the interval's relative width. */
  readonly logWidth: number;
  /** ln of the grid's capacities, ascending, and the probability of each; they sum to 1. */
  readonly grid: readonly number[];
  readonly weights: readonly number[];
}

interface PosteriorSettings {
  /** The load at which doubling began, and the last load that it came to. */
  readonly first: number;
  readonly top: number;
  readonly probes: readonly CapacityProbe[];
}

const gridStep = 0.01;
/** P(pass at x | ln capacity g) = floor + span / (1 + exp((ln x − g) / slope)). */
const slope = 0.05;
const floor = 0.025;
const span = 0.875;

export function capacityPosterior({ first, top, probes }: PosteriorSettings): CapacityPosterior {
  const low = Math.log(first / 2);
  const high = Math.log(top * 2);
  const points = Math.max(1, Math.floor((high - low) / gridStep + 1e-9) + 1);
  const grid = Array.from({ length: points }, (_, index) => low + index * gridStep);
  const logLikelihoods = grid.map((g) =>
    probes.reduce((sum, probe) => sum + Math.log(chanceOf(probe, g)), 0),
  );
  // Taken relative to the greatest, or forty probes would underflow far from it.
  const greatest = Math.max(...logLikelihoods);
  const shares = logLikelihoods.map((value) => Math.exp(value - greatest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const weights = shares.map((share) => share / total);
  const [q05 = low, median = low, q95 = low] = [0.05, 0.5, 0.95].map((share) =>
    firstBeyond(grid, weights, share),
  );
  return {
    q05: Math.exp(q05),
    median: Math.exp(median),
    q95: Math.exp(q95),
    logWidth: q95 - q05,
    grid,
    weights,
  };
}

function chanceOf({ load, passed }: CapacityProbe, g: number): number {
  const pass = floor + span / (1 + Math.exp((Math.log(load) - g) / slope));
  return passed ? pass : 1 - pass;
}

/** The first value whose cumulative share reaches this one. */
function firstBeyond(values: readonly number[], weights: readonly number[], share: number): number {
  let cumulative = 0;
  for (const [index, value] of values.entries()) {
    cumulative += weights[index] ?? 0;
    if (cumulative >= share) return value;
  }
  return values.at(-1) ?? 0;
}

interface CapacityRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How much one arm carries of another: quantiles 0.05, 0.5 and 0.95 of the difference of two independent posteriors,
 * from all pairs of their grid points.
 */
export function capacityRatio(candidate: CapacityPosterior, baseline: CapacityPosterior): CapacityRatio {
  const shares = new Map<number, number>();
  const candidates = likelyPoints(candidate);
  const baselines = likelyPoints(baseline);
  for (const one of candidates) {
    for (const other of baselines) {
      const bin = Math.round((one.g - other.g) / (gridStep / 4));
      shares.set(bin, (shares.get(bin) ?? 0) + one.weight * other.weight);
    }
  }
  const bins = [...shares].sort(([a], [b]) => a - b);
  const total = bins.reduce((sum, [, weight]) => sum + weight, 0);
  const differences = bins.map(([bin]) => (bin * gridStep) / 4);
  const weights = bins.map(([, weight]) => weight / total);
  const at = (share: number): number => Math.exp(firstBeyond(differences, weights, share));
  return { ratio: at(0.5), low: at(0.05), high: at(0.95) };
}

/** Points of no weight to speak of only cost time. */
function likelyPoints({ grid, weights }: CapacityPosterior): { g: number; weight: number }[] {
  return grid.flatMap((g, index) => {
    const weight = weights[index] ?? 0;
    return weight > 1e-9 ? [{ g, weight }] : [];
  });
}
