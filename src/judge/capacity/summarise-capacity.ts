/**
 * From the steps to what they say: an arm's capacity with its interval, its knee, how many connections it holds and
 * what stopped it. Made anew after every step, so that an interrupted search says what it knows.
 */
import type { ForetoldLimit } from "../../diagnosis/limit.js";
import type {
  ArmCapacity,
  CapacityLimit,
  CapacityStepResult,
  HeldConnections,
} from "../../results/capacity-schema.js";
import type { CapacityPosterior } from "../../stats/capacity-posterior.js";
import { type LoadPoint, loadKnee, responseAt } from "../../stats/load-knee.js";
import { type ConnectionProbe, searchConnections } from "../../trial/capacity/connection-search.js";
import { posteriorSoFar, type RateProbe, searchRate } from "../../trial/capacity/rate-search.js";
import { capacityCost } from "./capacity-cost.js";
import { slowStateOf } from "./slow-state.js";
import { stopCause } from "./stop-cause.js";

interface ArmSearch {
  readonly arm: string;
  /** The setting for the number of its workers, with what it is: "worker_processes 2;". */
  readonly workersDirective: string;
  readonly workers: number;
  readonly foretold: readonly ForetoldLimit[];
  readonly mostConnections: number;
  readonly steps: readonly CapacityStepResult[];
}

/** Above this share of their cores the proxy's workers are what stops the rate. */
const busyShare = 0.85;

export function summariseArm(search: ArmSearch): ArmCapacity {
  const { arm, workers, workersDirective, foretold, steps } = search;
  const closedLoop = steps.find(({ kind }) => kind === "closed-loop");
  const { ratePerS, sloMet } = rateOf(steps);
  const limits: CapacityLimit[] = [
    ...foretold.map(toLimit),
    ...cpuLimit(steps, { workers, workersDirective }, ratePerS?.value ?? null),
  ];
  const connections = heldOf(search, limits);
  const stoppedBy = connections?.stoppedBy?.limit ?? null;
  return {
    arm,
    workers,
    closedLoopPerS: closedLoop?.trial.throughputPerS ?? null,
    ratePerS,
    sloMet,
    kneePerS: kneeOf(steps),
    slowState: slowStateOf(steps),
    connections,
    limits: limits.map((limit) =>
      limit.name === stoppedBy ? { ...limit, measured: connections?.value ?? null } : limit,
    ),
    cost: capacityCost(steps),
    steps: [...steps],
  };
}

function toLimit({ name, unit, foretold, directive, note, provenBy }: ForetoldLimit): CapacityLimit {
  return { name, unit, foretold, measured: null, directive, note, provenBy: [...provenBy] };
}

/** What is known of an arm's rate: null before one load has failed twice. */
export function posteriorOf(steps: readonly CapacityStepResult[]): CapacityPosterior | null {
  const { first, history } = rateHistory(steps);
  return first === null ? null : posteriorSoFar(first, history);
}

function rateHistory(steps: readonly CapacityStepResult[]): { first: number | null; history: RateProbe[] } {
  const history = steps.flatMap(({ kind, ratePerS, outcome }) =>
    kind === "search" && ratePerS !== null ? [{ load: ratePerS, outcome }] : [],
  );
  return { first: history[0]?.load ?? null, history };
}

function rateOf(steps: readonly CapacityStepResult[]): Pick<ArmCapacity, "ratePerS" | "sloMet"> {
  const { first, history } = rateHistory(steps);
  if (first === null) return { ratePerS: null, sloMet: null };
  const state = searchRate(first, history);
  if (state.kind === "never") return { ratePerS: null, sloMet: false };
  if (state.kind === "generator-limit") {
    const { passed } = state;
    if (passed === null) return { ratePerS: null, sloMet: null };
    return { ratePerS: withResponse({ value: passed, low: passed, high: null }, steps, true), sloMet: true };
  }
  const posterior = posteriorSoFar(first, history);
  const sloMet = history.some(({ outcome }) => outcome === "pass") ? true : null;
  if (posterior === null) return { ratePerS: null, sloMet };
  const { q05: low, median: value, q95: high } = posterior;
  return { ratePerS: withResponse({ value, low, high }, steps, state.kind === "found"), sloMet: true };
}

function withResponse(
  rate: { readonly value: number; readonly low: number; readonly high: number | null },
  steps: readonly CapacityStepResult[],
  isSettled: boolean,
): NonNullable<ArmCapacity["ratePerS"]> {
  const responseUsMean = responseAt(loadPoints(steps), rate.value);
  return {
    ...rate,
    isAtLeast: rate.high === null,
    isSettled,
    inFlight: responseUsMean === null ? null : (rate.value * responseUsMean) / 1e6,
    responseUsMean,
  };
}

/**
 * By the rate that was offered: beyond what an arm carries its throughput no longer tells loads apart, and its response
 * grows for as long as the step lasts.
 */
function loadPoints(steps: readonly CapacityStepResult[]): LoadPoint[] {
  return steps.flatMap(({ kind, outcome, ratePerS, trial }) => {
    const mean = trial.latencyUs.response?.mean ?? null;
    const counts = (kind === "search" || kind === "sweep") && outcome !== "void";
    return counts && ratePerS !== null && mean !== null ? [{ perS: ratePerS, response: mean }] : [];
  });
}

function kneeOf(steps: readonly CapacityStepResult[]): ArmCapacity["kneePerS"] {
  const knee = loadKnee(loadPoints(steps));
  if (knee === null) return null;
  const { perS, low, high, response } = knee;
  return { value: perS, low, high, inFlight: (perS * response) / 1e6, responseUsMean: response };
}

/** What the workers' cores could carry at a message's cost in the closed loop. */
function cpuLimit(
  steps: readonly CapacityStepResult[],
  { workers, workersDirective }: Pick<ArmSearch, "workers" | "workersDirective">,
  edgePerS: number | null,
): CapacityLimit[] {
  const cost = steps.find(({ kind }) => kind === "closed-loop")?.trial.proxyCost?.cpuUsPerMessage ?? null;
  if (cost === null || !(cost > 0)) return [];
  const atEdge = steps
    .filter(
      ({ kind, ratePerS }) =>
        kind === "search" && edgePerS !== null && ratePerS !== null && ratePerS <= edgePerS,
    )
    .sort((a, b) => (b.ratePerS ?? 0) - (a.ratePerS ?? 0))[0];
  const busy = (atEdge?.trial.proxyCost?.cpuShare ?? 0) / workers;
  return [
    {
      name: "proxy-cpu",
      unit: "messages/s",
      foretold: (1e6 / cost) * workers,
      measured: busy >= busyShare ? edgePerS : null,
      directive: workersDirective,
      note: `${workers} core${workers === 1 ? "" : "s"} at the ${cost.toFixed(1)} µs that a message cost in the closed loop; with several under way on a connection it may cost less`,
    },
  ];
}

function heldOf(
  { steps, mostConnections: most }: ArmSearch,
  limits: readonly CapacityLimit[],
): HeldConnections | null {
  const tried = steps.filter(({ kind }) => kind === "connections");
  const first = tried[0]?.connections;
  if (first === undefined) return null;
  const history = tried.map(
    ({ connections, outcome, trial }): ConnectionProbe => ({
      connections,
      outcome,
      held: trial.connections.held,
    }),
  );
  const state = searchConnections({ first, most }, history);
  const held = Math.max(
    0,
    ...history.filter(({ outcome }) => outcome === "pass").map(({ connections }) => connections),
  );
  const broken = tried
    .filter(({ outcome }) => outcome === "fail")
    .sort((a, b) => a.connections - b.connections);
  const [fewest] = broken.filter(({ connections }) => connections > held);
  return {
    value: held,
    low: held,
    high: fewest === undefined ? null : fewest.connections - 1,
    isAtLeast: fewest === undefined,
    isSettled: state.kind !== "probe",
    stoppedBy: fewest === undefined ? null : stopCause(fewest, limits),
  };
}
