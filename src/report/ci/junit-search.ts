/** What a search or a soak found as test cases: an SLO that is kept at no load fails, as the command does. */
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Soak } from "../../results/soak-schema.js";
import { capacityAnswer } from "../capacity/capacity-answer.js";
import { metricWords, trendWords } from "../soak/soak-words.js";
import type { TestCase } from "./junit-case.js";

export function searchCases({ capacity, soak }: RunDocument): TestCase[] {
  return [
    ...(capacity === undefined
      ? []
      : [capacity, ...capacity.others].flatMap((arm) => armCases(arm, capacity))),
    ...(soak === undefined ? [] : soakCases(soak)),
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
