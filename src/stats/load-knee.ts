/**
 * The knee of a latency-load curve: the load at which power, throughput over mean response, is greatest (Kleinrock,
 * "Power and deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979). Below it
 * a percent more load costs less than a percent of response, beyond it more. Known in advance for single servers of
 * rate μ: M/M/1 has it at μ/2, M/D/1 at (2 − √2)μ = 0.586 μ, both with one message in the system on average. Pure.
 */
import { middleOf } from "./middle-of.js";

/** What one step of the load measured. */
export interface LoadPoint {
  /** Messages a second that came back. */
  readonly perS: number;
  /** Mean response, in any unit. */
  readonly response: number;
}

interface LoadKnee {
  readonly perS: number;
  /** Loads between which power has 95 % of its greatest value, and at least the neighbours that were run. */
  readonly low: number;
  readonly high: number;
  /** Mean response at the knee, in the points' unit. */
  readonly response: number;
}

/** Loads closer than this are taken together. */
const binWidth = 0.02;
/** Fewer different loads than this have no shape. */
const leastLoads = 4;
/** Power is flat around its top; loads with this share of it are as good. */
const alikeShare = 0.95;

/** Null with too few different loads, or when power still grows at the greatest of them. */
export function loadKnee(points: readonly LoadPoint[]): LoadKnee | null {
  const curve = responseCurve(points);
  if (curve.length < leastLoads) return null;
  const powers = curve.map(({ x, y }) => x - y);
  const best = powers.indexOf(Math.max(...powers));
  if (best === curve.length - 1) return null;
  const at = best === 0 ? (curve[0]?.x ?? 0) : vertexOf(curve, powers, best);
  const floor = (powers[best] ?? 0) + Math.log(alikeShare);
  const alike = curve.filter((_, index) => (powers[index] ?? 0) >= floor);
  const neighbours = [curve[Math.max(0, best - 1)], curve[best + 1]];
  const xs = [...alike, ...neighbours].flatMap((point) => (point === undefined ? [] : [point.x]));
  return {
    perS: Math.exp(at),
    low: Math.exp(Math.min(...xs)),
    high: Math.exp(Math.max(...xs)),
    response: Math.exp(responseOn(curve, at)),
  };
}

/** Mean response at a load, on the smoothed curve; null outside the loads that were measured. */
export function responseAt(points: readonly LoadPoint[], perS: number): number | null {
  const curve = responseCurve(points);
  const x = Math.log(perS);
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || x < first.x - binWidth || x > last.x + binWidth)
    return null;
  return Math.exp(responseOn(curve, x));
}

/** A point of the curve: logarithms of load and response. */
interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/**
 * Response over load as it must be, never falling: medians of loads close together, then pool-adjacent-violators
 * (Barlow et al. 1972). Up to the least response nothing is pooled: processors that sleep between messages make
 * light loads slow.
 */
function responseCurve(points: readonly LoadPoint[]): CurvePoint[] {
  const binned = inBins(points);
  const lowest = binned.findIndex(({ y }) => y === Math.min(...binned.map((point) => point.y)));
  const pooled: { y: number; weight: number; xs: { x: number; weight: number }[] }[] = [];
  for (const { x, y, weight } of binned.slice(lowest)) {
    pooled.push({ y, weight, xs: [{ x, weight }] });
    for (;;) {
      const [before, last] = pooled.slice(-2);
      if (before === undefined || last === undefined || before.y <= last.y) break;
      const sum = before.weight + last.weight;
      const mean = (before.y * before.weight + last.y * last.weight) / sum;
      pooled.splice(-2, 2, { y: mean, weight: sum, xs: [...before.xs, ...last.xs] });
    }
  }
  const rising = pooled.flatMap(({ y, xs }) => xs.map(({ x, weight }) => ({ x, y, weight })));
  return [...binned.slice(0, lowest), ...rising];
}

function inBins(points: readonly LoadPoint[]): CurvePoint[] {
  const sorted = points
    .filter(({ perS, response }) => perS > 0 && response > 0)
    .map(({ perS, response }) => ({ x: Math.log(perS), y: Math.log(response) }))
    .sort((a, b) => a.x - b.x);
  const bins: { x: number; y: number }[][] = [];
  for (const point of sorted) {
    const start = bins.at(-1)?.[0];
    if (start !== undefined && point.x - start.x < binWidth) bins.at(-1)?.push(point);
    else bins.push([point]);
  }
  return bins.map((bin) => ({
    x: middleOf(bin.map(({ x }) => x)) ?? 0,
    y: middleOf(bin.map(({ y }) => y)) ?? 0,
    weight: bin.length,
  }));
}

/** Where the parabola through the best point and its neighbours has its top, no further than halfway to either. */
function vertexOf(curve: readonly CurvePoint[], powers: readonly number[], best: number): number {
  const [a, b, c] = [best - 1, best, best + 1].map((index) => ({
    x: curve[index]?.x ?? 0,
    p: powers[index] ?? 0,
  }));
  if (a === undefined || b === undefined || c === undefined) return 0;
  const rise = (b.p - a.p) / (b.x - a.x);
  const fall = (c.p - b.p) / (c.x - b.x);
  if (rise - fall <= 0) return b.x;
  // The slope goes from rise to fall between the middles of the two stretches; it is 0 at the top.
  const from = (a.x + b.x) / 2;
  const to = (b.x + c.x) / 2;
  const top = from + (rise / (rise - fall)) * (to - from);
  return Math.min(to, Math.max(from, top));
}

function responseOn(curve: readonly CurvePoint[], x: number): number {
  const after = curve.findIndex((point) => point.x >= x);
  const [a, b] = [curve[after - 1], curve[after]];
  if (b === undefined) return curve.at(-1)?.y ?? 0;
  if (a === undefined) return b.y;
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}
