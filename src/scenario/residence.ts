/** The workload's key of the time inside the proxy, and who wants it. */
import { z } from "zod";
import { UsageError } from "../base/errors.js";

export interface Watched {
  /** Whether packets are watched on both sides of the proxy. */
  readonly residence: boolean;
}

/** Beside the others of a workload. */
export const residenceKeys = {
  residence: z
    .boolean()
    .describe(
      "Measure the time messages spend inside the proxy, by the stamps of packets on both its sides (off; as root, plain ws alone)",
    ),
} as const;

/**
 * @param what is to be done with the metric, for the error
 * @throws UsageError where a metric is of the time inside the proxy and an arm's workload does not ask for that
 */
export function requireResidence(
  what: string,
  metric: string,
  arms: readonly { readonly workload: Watched }[],
): void {
  if (!metric.startsWith("residence") || arms.every(({ workload }) => workload.residence)) return;
  throw new UsageError(`Cannot ${what}: want --residence, or the workload's key residence`);
}
