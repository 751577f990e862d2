/**
 * How many connections to try next: doubling until a number breaks twice, then closing in, first where the broken step
 * held on, for such limits are sharp: a table is full, or a file cannot be opened. Pure: the whole search follows from
 * its history.
 */
import type { StepOutcome } from "./rate-search.js";

export interface ConnectionProbe {
  readonly connections: number;
  readonly outcome: StepOutcome;
  /** Of those asked for, so many stayed open to the end. */
  readonly held: number;
}

type ConnectionSearch =
  | { readonly kind: "probe"; readonly connections: number }
  /** So many were held, and `brokeAt`, a little more, were not. */
  | { readonly kind: "found"; readonly held: number; readonly brokeAt: number }
  /** Everything that was to be tried was held. */
  | { readonly kind: "not-met"; readonly held: number }
  | { readonly kind: "generator-limit"; readonly held: number | null; readonly brokeAt: number }
  /** Not even the fewest were held. */
  | { readonly kind: "never"; readonly fewest: number };

const repeats = 2;
const descent = 4;
/** Closer than this share is close enough. */
const resolution = 0.01;

/**
 * @param first number of connections to begin with, 1 at least
 * @param most that are tried
 */
export function searchConnections(
  { first, most }: { readonly first: number; readonly most: number },
  history: readonly ConnectionProbe[],
): ConnectionSearch {
  let next = Math.min(first, most);
  let held: number | null = null;
  for (;;) {
    const probes = history.filter(({ connections }) => connections === next);
    const count = (outcome: StepOutcome): number =>
      probes.filter((probe) => probe.outcome === outcome).length;
    if (count("pass") > 0) {
      held = next;
      if (next >= most) return { kind: "not-met", held };
      next = Math.min(2 * next, most);
    } else if (count("fail") >= repeats) {
      if (held !== null) return closeIn(held, next, history);
      if (next === 1) return { kind: "never", fewest: 1 };
      next = Math.max(1, Math.floor(next / descent));
    } else if (count("void") >= repeats) return { kind: "generator-limit", held, brokeAt: next };
    else return { kind: "probe", connections: next };
  }
}

function closeIn(doubledTo: number, brokeAt: number, history: readonly ConnectionProbe[]): ConnectionSearch {
  const all = (outcome: StepOutcome): number[] =>
    history.filter((probe) => probe.outcome === outcome).map(({ connections }) => connections);
  // A number that broke once and was held once was held: the search is for what can be.
  const low = Math.max(doubledTo, ...all("pass").filter((connections) => connections < brokeAt));
  const high = Math.min(brokeAt, ...all("fail").filter((connections) => connections > low));
  const hint = nearHeld(low, high, history);
  if (hint === null && high - low <= Math.max(1, low * resolution)) {
    return { kind: "found", held: low, brokeAt: high };
  }
  const voids = all("void");
  // Where the limit was hit upon, a little more is tried, which should break at once.
  const isHit = history.some(({ outcome, held }) => outcome === "fail" && held === low);
  const little = Math.max(1, Math.floor(low * resolution));
  const wanted = hint ?? (isHit ? low + little : Math.floor((low + high) / 2));
  if (voids.filter((connections) => connections === wanted).length >= repeats) {
    return { kind: "generator-limit", held: low, brokeAt: wanted };
  }
  return { kind: "probe", connections: wanted };
}

/** What the steps that broke held on to, where that lies between and was not tried yet; the greatest of them. */
function nearHeld(low: number, high: number, history: readonly ConnectionProbe[]): number | null {
  const tried = new Set(history.map(({ connections }) => connections));
  const hints = history
    .filter(({ outcome }) => outcome === "fail")
    .map(({ held }) => held)
    .filter((held) => held > low && held < high && !tried.has(held));
  return hints.length === 0 ? null : Math.max(...hints);
}
