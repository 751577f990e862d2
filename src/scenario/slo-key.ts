/**
 * The `slo` key of a scenario: one expression or a list of them, checked with everything else that the file says.
 */
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.js";
import { requireResidence } from "./residence.js";
import { parseSlos, type Slo } from "./slo.js";
import { requireUnasked } from "./unasked.js";
import type { Workload } from "./workload.js";

export const sloSchema = z
  .union([z.string(), z.array(z.string())], { error: "want an SLO such as p99 < 20ms, or a list of them" })
  .check(({ value, issues }) => {
    for (const [index, text] of (typeof value === "string" ? [value] : value).entries()) {
      try {
        parseSlos(text);
      } catch (thrown) {
        if (!(thrown instanceof UsageError)) throw thrown;
        const path = typeof value === "string" ? [] : [index];
        issues.push({ code: "custom", input: text, path, message: messageOf(thrown) });
      }
    }
  })
  .describe(
    "What every arm is held to, such as response.p99 < 20ms or failures == 0; the run ends with 20 when one is missed",
  );

/**
 * @returns every clause, in the order written
 * @throws UsageError for one that the workload of an arm can never show
 */
export function resolveSlos(
  given: string | readonly string[] | undefined,
  arms: readonly { readonly workload: Workload }[],
): Slo[] {
  const slos = (typeof given === "string" ? [given] : (given ?? [])).flatMap(parseSlos);
  const byResponse = slos.find(({ metric }) => metric.startsWith("response."));
  if (byResponse !== undefined && arms.some(({ workload }) => workload.loop.kind === "closed")) {
    throw new UsageError(
      `Cannot hold a closed loop to ${byResponse.expression}: a response is measured from its place in a schedule, ` +
        `which a closed loop has not; want ${byResponse.metric.replace("response", "roundTrip")}, or --rate`,
    );
  }
  for (const { metric, expression } of slos) {
    requireUnasked(`hold an arm to ${expression}`, metric, arms);
    requireResidence(`hold an arm to ${expression}`, metric, arms);
  }
  return slos;
}
