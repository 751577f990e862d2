/** What a search, a soak or a rollout found as test cases: an SLO that is kept at no load fails, as the command does. */
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import type { RolloutComparison } from "../../results/rollout-comparison-schema.js";
import type { Rollout } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Soak } from "../../results/soak-schema.js";
import { capacityAnswer } from "../capacity/capacity-answer.js";
import { rolloutComparisonWords } from "../rollout/rollout-comparison-section.js";
import { rolloutSentence } from "../rollout/rollout-words.js";
import { metricWords, trendWords } from "../soak/soak-words.js";
import type { TestCase } from "./junit-case.js";

export function searchCases({
  capacity,
  soak,
  rollouts = [],
  rolloutComparisons = [],
}: RunDocument): TestCase[] {
  return [
    ...(capacity === undefined
      ? []
      : [capacity, ...capacity.others].flatMap((arm) => armCases(arm, capacity))),
    ...(soak === undefined ? [] : soakCases(soak)),
    ...rollouts.map(rolloutCase),
    ...rolloutComparisons.map(comparisonCase),
  ];
}

function armCases(arm: ArmCapacity, capacity: Capacity): TestCase[] {
  const { ratePerS, sloMet, connections } = arm;
  const { rate: carries, details, held: holds } = capacityAnswer(arm, capacity);
  const rate: TestCase = {
    name: `${arm.arm}: rate within ${capacity.slo.join(" and ")}`,
    type: sloMet === false ? "slo-missed" : ratePerS === null ? "slo-unknown" : "slo-met",
    outcome: sloMet === false ? "failure" : ratePerS === null ? "skipped" : "passed",
    message: carries === null ? "not searched yet" : carries.lead + carries.rest,
    details,
  };
  const held: TestCase = {
    name: `${arm.arm}: connections held for ${capacity.holdS} s`,
    type: connections === null ? "unknown" : "held",
    outcome: connections === null ? "skipped" : connections.value === 0 ? "failure" : "passed",
    message: holds === null ? "the search did not come far enough to tell" : holds.lead + holds.rest,
    details: connections?.stoppedBy?.evidence ?? [],
  };
  return [...(capacity.by === "connections" ? [] : [rate]), ...(capacity.by === "rate" ? [] : [held])];
}

/** What it cost fails nothing, for only an SLO says what it may cost; who is not back at all does. */
function rolloutCase(rollout: Rollout): TestCase {
  const { arm, reconnect, block, event, reconnects } = rollout;
  const { lead, rest } = rolloutSentence(rollout);
  return {
    name: `${arm}: ${event}, clients ${reconnect}, time ${block + 1}`,
    type: reconnects.notBack > 0 ? "not-back" : "rollout",
    outcome: reconnects.notBack > 0 ? "failure" : "passed",
    message: lead + rest,
    details: [],
  };
}

function comparisonCase(comparison: RolloutComparison): TestCase {
  const { candidate, baseline, metric, reconnect, verdict } = comparison;
  return {
    name: `${candidate} against ${baseline}: ${metric}, clients ${reconnect}`,
    type: verdict,
    outcome: verdict === "worse" ? "failure" : verdict === "inconclusive" ? "skipped" : "passed",
    message: rolloutComparisonWords(comparison),
    details: [],
  };
}

/** A trend fails nothing, for no margin was asked for; what failed on the wire does. */
function soakCases({ arm, trends, failures }: Soak): TestCase[] {
  return [
    ...trends.map(
      (trend): TestCase => ({
        name: `${arm}: ${metricWords[trend.metric]} over the soak`,
        type: trend.verdict,
        outcome: trend.verdict === "untold" ? "skipped" : "passed",
        message: trendWords(trend),
        details: [],
      }),
    ),
    ...failures.map(
      ({ kind, side, count, example, cause }): TestCase => ({
        name: `${arm}: ${kind}`,
        type: kind,
        outcome: "failure",
        message: `${kind}: ${count}, side ${side}`,
        details: [...(cause === null ? [] : [cause]), example],
      }),
    ),
  ];
}
