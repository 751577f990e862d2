/** What a search found of one arm, in sentences: the rate within the SLO, what lies under it, the connections held. */
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatCount, formatPerS, formatUs } from "../words/format.js";
import { rangeWords } from "./capacity-words.js";

/** One sentence, whose beginning says it all. */
interface Sentence {
  readonly lead: string;
  readonly rest: string;
}

interface CapacityAnswer {
  /** Null where no rate was searched. */
  readonly rate: Sentence | null;
  /** What stops it, its knee, and what a closed loop carries. */
  readonly details: readonly string[];
  /** Null where connections were not searched, or not far enough. */
  readonly held: Sentence | null;
}

export function capacityAnswer(arm: ArmCapacity, capacity: Capacity): CapacityAnswer {
  return {
    rate: rateAnswer(arm, capacity),
    details: [...stopWords(arm), ...loadWords(arm)],
    held: heldAnswer(arm, capacity),
  };
}

function rateAnswer(found: ArmCapacity, { slo }: Capacity): Sentence | null {
  const { arm, ratePerS, sloMet, steps } = found;
  const name = escapeControls(arm);
  const within = slo.map(escapeControls).join(" and ");
  const over = steps.find(({ kind }) => kind === "search")?.connections ?? null;
  if (ratePerS !== null) {
    const unsettled = ratePerS.isSettled ? "" : "Not settled yet: ";
    const limit = ratePerS.isAtLeast
      ? "there the generator gave out"
      : `the limit is near ${rangeWords(ratePerS)}`;
    const kept = greatestKept(found, ratePerS.value);
    const carries =
      kept === null
        ? `${name} carried no load within ${within} that was tried below ${threeDigits(ratePerS.value)}`
        : `${name} carries ${ratePerS.isAtLeast ? "at least " : ""}${formatPerS(kept)} messages/s`;
    return {
      lead: unsettled + carries,
      rest: ` over ${formatCount(over)} connections within ${within}; ${limit}`,
    };
  }
  if (sloMet === false) return { lead: `${name} keeps ${within} at no load that was tried`, rest: "" };
  if (over === null) return null;
  return { lead: `${name}: the search did not come far enough to tell what it carries`, rest: "" };
}

/** The greatest load that a step kept, and not beyond the limit: what lies above it was kept by luck. */
function greatestKept({ steps }: ArmCapacity, limitPerS: number): number | null {
  const kept = steps.flatMap(({ kind, outcome, ratePerS }) =>
    kind === "search" && outcome === "pass" && ratePerS !== null && ratePerS <= limitPerS ? [ratePerS] : [],
  );
  return kept.length === 0 ? null : Math.max(...kept);
}

function heldAnswer({ arm, connections }: ArmCapacity, { holdS }: Capacity): Sentence | null {
  if (connections === null) return null;
  const { value, high, isAtLeast, stoppedBy } = connections;
  const broke = isAtLeast ? "and was not tried with more" : `and ${formatCount((high ?? 0) + 1)} broke`;
  const why = stoppedBy?.limit == null ? "" : `: ${stoppedBy.limit}`;
  return {
    lead: `${escapeControls(arm)} holds ${formatCount(value)} connections for ${holdS} s`,
    rest: `, ${broke}${why}`,
  };
}

/** The lowest load beyond the edge that was not kept, with why; and the processor where it was busy by then. */
function stopWords({ ratePerS, steps, limits }: ArmCapacity): string[] {
  if (ratePerS === null) return [];
  const [missed] = steps
    .filter(({ kind, outcome, ratePerS: load }) => {
      return kind === "search" && outcome === "fail" && load !== null && load >= ratePerS.value;
    })
    .sort((a, b) => (a.ratePerS ?? 0) - (b.ratePerS ?? 0));
  const why = missed === undefined ? "" : missed.because.map(escapeControls).join("; ");
  const cpu = limits.find(({ name, measured }) => name === "proxy-cpu" && measured !== null);
  return [
    ...(missed === undefined || why === ""
      ? []
      : [`what stops it: at ${formatPerS(missed.ratePerS)}/s, ${why}`]),
    ...(cpu?.foretold == null
      ? []
      : [`the proxy's processor is busy there, with ${threeDigits(cpu.foretold)}/s foretold`]),
  ];
}

/** Messages under way tell whether a rate comes from speed or from batching. */
function loadWords({ ratePerS, kneePerS, slowState, closedLoopPerS }: ArmCapacity): string[] {
  const words: string[] = [];
  if (ratePerS !== null && ratePerS.inFlight !== null) {
    words.push(
      `at the SLO's edge ${formatPerS(ratePerS.inFlight)} messages are under way, with a mean response of ${formatUs(ratePerS.responseUsMean)}`,
    );
  }
  if (kneePerS !== null) {
    words.push(
      `the knee is at ${rangeWords(kneePerS)}/s, with ${formatPerS(kneePerS.inFlight)} under way and ${formatUs(kneePerS.responseUsMean)}: beyond it response grows faster than load`,
    );
  }
  if (slowState != null) {
    const { ratePerS: atPerS, factor, short, long } = slowState;
    words.push(
      `at ${threeDigits(atPerS)}/s it has a second, slow state: with ${formatPerS(short.inFlight)} messages under way each takes ${formatUs(short.cpuUsPerMessage)} of its CPU, with ${formatPerS(long.inFlight)} ${formatUs(long.cpuUsPerMessage)} (${factor.toFixed(2)}x), so that a queue which has built up may stay`,
    );
  }
  if (closedLoopPerS !== null) {
    words.push(`a closed loop, with one message a connection, carries ${threeDigits(closedLoopPerS)}/s`);
  }
  return words;
}

function threeDigits(perS: number): string {
  return formatPerS(Number(perS.toPrecision(3)));
}
