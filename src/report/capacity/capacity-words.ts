/** A capacity search in words: one line a step, and figures with their intervals. */
import type { CapacityStepResult } from "../../results/capacity-schema.js";
import type { Storm } from "../../results/storm-schema.js";
import { formatBytes, formatCount, formatPerS, formatUs } from "../words/format.js";

const outcomeWords = { pass: "kept", fail: "missed", void: "void" } as const;

/** `nginx 12,000/s: kept (p99 1.20 ms, 31 in flight)`. */
export function stepLine(arm: string, step: CapacityStepResult): string {
  const { kind, trial, connections, ratePerS, payloadBytes } = step;
  const because = step.because.length === 0 ? "" : `: ${step.because.join("; ")}`;
  switch (kind) {
    case "closed-loop":
      return `${arm} closed loop: ${formatPerS(trial.throughputPerS)}/s`;
    case "search":
    case "sweep": {
      const { p99 } = trial.latencyUs.response ?? {};
      const facts = `p99 ${formatUs(p99)}, ${formatPerS(step.inFlight)} in flight`;
      const verdict = kind === "sweep" ? "measured" : outcomeWords[step.outcome];
      return `${arm} ${formatPerS(ratePerS)}/s: ${verdict} (${facts})${kind === "sweep" ? "" : because}`;
    }
    case "connections":
      return `${arm} ${formatCount(connections)} connections: ${step.outcome === "pass" ? "held" : outcomeWords[step.outcome] === "void" ? "void" : "not held"}${because}`;
    case "payload":
      return `${arm} ${formatCount(payloadBytes)} bytes a message: ${formatUs(trial.proxyCost?.cpuUsPerMessage)} of CPU`;
    case "memory":
      return `${arm} ${formatCount(connections)} connections: ${formatBytes(trial.proxyCost?.rssBytes)}`;
  }
}

/** `nginx restarted under 1,000 connections (at-once): all back after 210 ms`. */
export function stormLine(arm: string, { opening, restart }: Storm["rounds"][number]): string {
  const { all } = restart.backMs;
  const back = all === null ? "not all back in 30 s" : `all back after ${formatUs(all * 1e3)}`;
  return `${arm} opened ${formatPerS(opening.perS)}/s; restarted under ${formatCount(restart.lost)} connections (${restart.reconnect}): ${back}`;
}

/** `48,300 (47,100-49,200)`, `at least 48,300`. */
export function rangeWords({
  value,
  low,
  high,
}: {
  readonly value: number;
  readonly low: number;
  readonly high: number | null;
}): string {
  if (high === null) return `at least ${rounded(value)}`;
  return `${rounded(value)} (${rounded(low)}-${rounded(high)})`;
}

/** Three digits that count: more would promise what no search keeps. */
function rounded(value: number): string {
  return formatPerS(Number(value.toPrecision(3)));
}
