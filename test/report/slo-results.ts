/** An SLO that was missed, for the reports' tests. */
import type { SloResult } from "#wsrally/results/slo-schema.js";

export const missedSlo: SloResult = {
  arm: "off",
  expression: "response.p99 < 20ms",
  metric: "response.p99",
  operator: "<",
  limit: 20_000,
  unit: "us",
  status: "missed",
  value: 31_000,
  low: 29_000,
  high: 33_000,
  trials: 14,
  reason: null,
};
