/**
 * What a rollout may cost: `lost == 0`, `down.p99 < 500ms && allBack < 5s`.
 *
 * ```
 * expression = clause { ("&&" | ",") clause }
 * clause     = name ("<" | "<=" | "==") number [unit]
 * ```
 */

import { UsageError } from "../base/errors.js";
import { nearestName } from "../base/nearest-name.js";

/** What can be held to a limit, and in which unit its limit is kept. */
export const rolloutMetrics = {
  lost: "count",
  repliesLost: "count",
  failedTries: "count",
  burst: "count",
  "down.p50": "ms",
  "down.p99": "ms",
  "down.max": "ms",
  allBack: "ms",
  slow: "ms",
  "during.p50": "us",
  "during.p99": "us",
} as const;
export type RolloutMetric = keyof typeof rolloutMetrics;

export interface RolloutSlo {
  /** As written. */
  readonly expression: string;
  readonly metric: RolloutMetric;
  readonly operator: "<" | "<=" | "==";
  /** In the metric's unit. */
  readonly limit: number;
  readonly unit: "count" | "ms" | "us";
}

const metrics = Object.keys(rolloutMetrics) as RolloutMetric[];
const perMs: Readonly<Record<string, number>> = { us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 60e3 };
const wanted = `want NAME < LIMIT, such as 'lost == 0' or 'down.p99 < 500ms'; names are ${metrics.join(", ")}`;

/** @throws UsageError for what cannot be read */
export function parseRolloutSlos(text: string): RolloutSlo[] {
  return text.split(/&&|,/).map((part) => parseClause(part.trim(), text));
}

function parseClause(clause: string, whole: string): RolloutSlo {
  const match = /^([A-Za-z][\w.]*)\s*(<=|<|==)\s*(\d+(?:\.\d+)?)\s*([A-Za-zµ]*)$/.exec(clause);
  const refuse = (why: string): UsageError => new UsageError(`Cannot read the SLO ${whole}: ${why}`);
  if (match === null) throw refuse(clause === "" ? wanted : `${clause} is no clause: ${wanted}`);
  const [, name = "", operator, number = "", unit = ""] = match;
  const metric = metrics.find((one) => one === name);
  if (metric === undefined) {
    const near = nearestName(name, metrics);
    throw refuse(`there is no ${name}${near === null ? "" : ` (did you mean ${near}?)`}; ${wanted}`);
  }
  const kept = rolloutMetrics[metric];
  if (operator === "==" && kept !== "count")
    throw refuse(`${metric} varies, so that it equals nothing: want < or <=`);
  return {
    expression: clause,
    metric,
    operator: operator as RolloutSlo["operator"],
    limit: Number(number) * scaleOf(kept, unit, () => refuse(unitFault(metric, number, unit))),
    unit: kept,
  };
}

function scaleOf(kept: RolloutSlo["unit"], unit: string, fault: () => UsageError): number {
  if (kept === "count") {
    if (unit !== "") throw fault();
    return 1;
  }
  const scale = perMs[unit];
  if (scale === undefined) throw fault();
  return kept === "ms" ? scale : scale * 1e3;
}

function unitFault(metric: RolloutMetric, number: string, unit: string): string {
  if (rolloutMetrics[metric] === "count") return `${metric} is counted: want no unit after ${number}`;
  return `${number}${unit} of what? Want a time with its unit, such as ${number === "" ? "500" : number}ms or 2s`;
}

/** Whether a value in the metric's unit keeps it. */
export function keepsRolloutSlo({ operator, limit }: RolloutSlo, value: number): boolean {
  if (operator === "==") return value === limit;
  return operator === "<" ? value < limit : value <= limit;
}
