/**
 * A run as JUnit XML, which CI systems show beside their tests: a test case for each comparison, and one for each kind
 * of failure. Worse fails, can't tell is skipped, and what could not be measured to its end is an error.
 */
import { oneSidedFailures } from "../../judge/series/one-sided-failures.js";
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { settlingAdvice } from "../run/settling-advice.js";
import { isJudged } from "../run/verdict-section.js";
import { comparedText, marginText } from "../words/compared-words.js";
import { formatNumberOf } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { decisiveVoid, voidWords } from "../words/void-words.js";
import type { TestCase } from "./junit-case.js";
import { failsGate, gateCases, sloCases } from "./junit-gate.js";
import { searchCases } from "./junit-search.js";
import { junitText } from "./junit-text.js";

/** The document, ending in a newline. */
export function renderJunit(document: RunDocument): string {
  const cases = [
    ...(document.gate === undefined ? [] : gateCases(document.gate)),
    ...runCase(document),
    ...sloCases(document),
    ...searchCases(document),
    ...document.comparisons
      .filter((one) => isJudged(one, document))
      .map((one) => comparisonCase(one, document)),
    ...failureCases(document),
  ];
  return junitText({
    name: document.scenario.name,
    startedAt: document.startedAt,
    seconds: secondsOf(document),
    cases,
  });
}

/** Only where the run did not come to its end. */
function runCase({ status, runId }: RunDocument): TestCase[] {
  if (status === "complete") return [];
  const message = `the run is ${status}`;
  return [
    {
      name: "run to its end",
      type: status,
      outcome: status === "failed" ? "error" : "skipped",
      message,
      details: [`run ${runId}`],
    },
  ];
}

function comparisonCase(comparison: Comparison, document: RunDocument): TestCase {
  const { baseline, candidate, metric, verdict, blocks } = comparison;
  const text = comparedText(comparison);
  const lost = decisiveVoid([comparison], document);
  const message = `${verdict}: ${metricWords(metric)} ${text.ratio} (${text.interval}), margin ${marginText(comparison)}`;
  const outcomes = {
    worse: "failure",
    inconclusive: "skipped",
    better: "passed",
    equivalent: "passed",
  } as const;
  return {
    name: `${candidate} / ${baseline}: ${metricWords(metric)}`,
    type: verdict,
    outcome:
      verdict === "worse" && !failsGate(document, "worse", { candidate, about: metric })
        ? "passed"
        : outcomes[verdict],
    message,
    details: [
      `candidate / baseline with its 95 % interval, over ${formatNumberOf(blocks, "block")}`,
      ...(lost === null ? [] : [voidWords(lost)]),
      ...settlingAdvice([comparison], document).map((advice) => `to settle it: ${advice}`),
    ],
  };
}

/**
 * A kind of failure that struck a candidate in two trials or more, and its baseline never, fails; so does any in an arm
 * that is compared with nothing. One that baseline and candidate share tells nothing against the candidate.
 */
function failureCases(document: RunDocument): TestCase[] {
  const { arms, scenario } = document;
  const trials = arms.flatMap((arm) =>
    arm.trials.map(({ failures }) => ({ arm: arm.name, kinds: failures.map(({ kind }) => kind) })),
  );
  const oneSided = new Set(
    scenario.pairs.flatMap(({ baseline, candidate }) =>
      oneSidedFailures(trials, { baseline, candidates: [candidate] }).map(
        ({ kind }) => `${candidate} ${kind}`,
      ),
    ),
  );
  return arms.flatMap((arm) => {
    const isCompared = scenario.pairs.some((pair) => [pair.baseline, pair.candidate].includes(arm.name));
    const failures = arm.trials.flatMap((trial) => trial.failures);
    const kinds = [...new Set(failures.map(({ kind }) => kind))];
    if (kinds.length === 0 && arm.trials.length > 0) {
      return [
        {
          name: `${arm.name}: failures`,
          type: "none",
          outcome: "passed" as const,
          message: "none",
          details: [],
        },
      ];
    }
    return kinds.map((kind): TestCase => {
      const members = failures.filter((failure) => failure.kind === kind);
      const total = members.reduce((sum, { count }) => sum + count, 0);
      const sides = [...new Set(members.map(({ side }) => side))].join(", ");
      const isFailed =
        (!isCompared || oneSided.has(`${arm.name} ${kind}`)) &&
        failsGate(document, "failures", { candidate: arm.name, about: kind });
      return {
        name: `${arm.name}: ${kind}`,
        type: kind,
        outcome: isFailed ? "failure" : "passed",
        message: `${kind}: ${total}, side ${sides}`,
        details: members.slice(0, 3).map(({ example }) => example),
      };
    });
  });
}

function secondsOf({ startedAt, finishedAt }: RunDocument): number {
  return finishedAt === null ? 0 : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1e3;
}
