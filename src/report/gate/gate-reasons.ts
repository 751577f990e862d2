/** Why a gate ended as it did, in sentences that stand by themselves in a CI log. */
import type { GateEvidence, GateJudgement } from "../../judge/gate/judge-gate.js";
import { isMachinesDoing } from "../../judge/void-cause.js";
import type { Comparison } from "../../results/comparison-schema.js";
import type { GateNoise, GatePair, Regression } from "../../results/gate-schema.js";
import type { Rollout } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { rolloutSentence } from "../rollout/rollout-words.js";
import { sloValue, whyUnknown } from "../run/slo-section.js";
import { comparedText, comparedWords, isMeasured, marginText } from "../words/compared-words.js";
import { absent, formatCount, formatNumberOf, formatPercent } from "../words/format.js";
import { listMetrics } from "../words/metric-words.js";
import { reasonWords } from "../words/reason-words.js";
import { decisiveVoid, voidWords } from "../words/void-words.js";

interface GateFacts {
  readonly document: RunDocument;
  readonly pairs: readonly GatePair[];
  readonly noise: GateNoise | null;
  readonly failOn: "worse" | "exceeds";
  readonly budgetS: number;
  /** What an event cost each side; left out for none. */
  readonly rollouts?: readonly Rollout[];
}

/** The weightiest first; a gate that passed says what it would have shown. */
export function gateReasons({ outcome, evidence }: GateJudgement, facts: GateFacts): string[] {
  switch (outcome) {
    case "failed":
      return evidence.map((one) => wordsOf(one, facts));
    case "inconclusive":
      return openReasons(evidence, facts);
    case "passed":
      return passedReasons(facts);
  }
}

/** Where it is lost trials that leave everything open, their cause stands for every comparison that lacks them. */
function openReasons(evidence: readonly GateEvidence[], facts: GateFacts): string[] {
  const { document } = facts;
  const lost = decisiveVoid(document.comparisons, document);
  if (lost === null || lost.isMachine)
    return [...noiseReason(facts), ...evidence.map((one) => wordsOf(one, facts))];
  const others = evidence.filter(
    (one) => !(one.kind === "inconclusive" && (!isMeasured(one.comparison) || one.comparison.blocks === 0)),
  );
  const cure = lost.cure === null ? "" : `; against it: ${lost.cure}`;
  return [`nothing to judge by: ${voidWords(lost)}${cure}`, ...others.map((one) => wordsOf(one, facts))];
}

/** What is new in a candidate and fails no gate, a sentence a pair: said, so that nobody takes it for overlooked. */
export function adviceReasons(pairs: readonly GatePair[]): string[] {
  return pairs.flatMap(({ candidate, baseline, regressions }) => {
    const advice = regressions.filter(({ fails }) => !fails);
    const isTold = (one: Regression): boolean => baseline !== null && one.before.status !== "not-tested";
    const groups = [
      { lead: `new in ${candidate}`, members: advice.filter(isTold) },
      {
        lead: baseline === null ? `in ${candidate}` : `in ${candidate}, untested in ${baseline}`,
        members: advice.filter((one) => !isTold(one)),
      },
    ];
    return groups
      .filter(({ members }) => members.length > 0)
      .map(
        ({ lead, members }) =>
          `${lead}, does not fail: ${members.map(({ id, title }) => `${title} (${id})`).join("; ")}`,
      );
  });
}

function wordsOf(evidence: GateEvidence, { failOn, budgetS }: GateFacts): string {
  switch (evidence.kind) {
    case "worse":
      return worseWords(evidence.comparison, failOn);
    case "inconclusive":
      return openWords(evidence.comparison);
    case "failures": {
      const { candidate, kind, trials } = evidence.failure;
      return `${candidate}: ${kind} in ${formatNumberOf(trials, "trial")}, and in none of ${evidence.baseline}`;
    }
    case "finding": {
      const { pair, regression } = evidence;
      const { status, before } = regression;
      const isOld = before.status === status;
      const baseline =
        pair.baseline === null ? "" : isOld ? `; ${pair.baseline} too` : `; not so in ${pair.baseline}`;
      return `${pair.candidate}: ${regression.title} (${regression.id})${baseline}`;
    }
    case "rollout": {
      const { candidate, baseline } = evidence;
      const { lead, rest } = rolloutSentence(candidate);
      const before =
        baseline === null
          ? ""
          : ` (${baseline.arm}: ${formatCount(baseline.lost.count)} of ${formatCount(baseline.clients)})`;
      const cure = candidate.explanation == null ? "" : `; ${candidate.explanation.cause}`;
      return `${candidate.arm}: ${lead}${before}${rest}${cure}`;
    }
    case "slo": {
      const { arm, expression, value, low, high } = evidence.slo;
      const interval =
        low === null ? "" : ` (${sloValue(low, evidence.slo)} to ${sloValue(high, evidence.slo)})`;
      return `${arm} misses ${expression}: ${sloValue(value, evidence.slo)}${interval}`;
    }
    case "slo-unknown":
      return `${evidence.slo.arm}: ${evidence.slo.expression} is not proven: ${whyUnknown(evidence.slo)}`;
    case "budget":
      return `the budget of ${budgetS} s ended before anything could be compared: --budget gives more`;
  }
}

function worseWords(comparison: Comparison, failOn: GateFacts["failOn"]): string {
  const margin = marginText(comparison);
  const beyond =
    failOn === "exceeds" ? `worse by more than ${margin}` : `worse; up to ${margin} counts as equal`;
  return `${comparedWords(comparison)}: ${beyond}`;
}

function ratioWords(comparison: Comparison): string {
  const text = comparedText(comparison);
  return isMeasured(comparison) ? `${text.ratio} (${text.interval})` : "not measured";
}

function openWords(comparison: Comparison): string {
  const { reasons, smallestEffect, blocks } = comparison;
  const why = reasons.map(reasonWords);
  const shown =
    smallestEffect === null
      ? []
      : [
          `the smallest slowdown that ${formatNumberOf(blocks, "block")} would have shown is ${formatPercent(smallestEffect)}`,
        ];
  const all = [...why, ...shown];
  // Of a difference no such slowdown is foretold; its interval says enough.
  const hasInterval = comparedText(comparison).interval !== absent;
  const rest = all.length > 0 || hasInterval ? all : ["no interval"];
  return [`${comparedWords(comparison)}: can't tell`, ...rest].join("; ");
}

/** Said when the machine, and not the time, is what keeps the gate from a verdict. */
function noiseReason({ document, noise }: GateFacts): string[] {
  if (noise === null) return [];
  const blurred = document.comparisons.filter(
    ({ verdict, smallestEffect, margin }) =>
      verdict === "inconclusive" && smallestEffect !== null && smallestEffect > margin,
  );
  const outByMachine = document.arms
    .flatMap(({ trials }) => trials)
    .filter((trial) => trial.disqualified && isMachinesDoing(trial)).length;
  if (blurred.length === 0 && outByMachine * 10 <= noise.trials) return [];
  return [`too noisy to judge: ${noiseWords(noise)}`];
}

/** `trials of one config vary by round trip p50 ±9 %, …; the hypervisor took 12 % of a processor (40 % at worst)`. */
export function noiseWords(noise: GateNoise): string {
  const { spread, stealShareP50, stealShareMax, otherShareP50, otherShareMax, trials, trialsOut } = noise;
  const metrics = Object.entries(spread).map(([metric, share]) => ({
    metric: metric as Comparison["metric"],
    said: `±${formatPercent(share)}`,
  }));
  return [
    ...(metrics.length === 0 ? [] : [`trials of one config vary by ${listMetrics(metrics)}`]),
    ...(stealShareP50 === null
      ? []
      : [
          `the hypervisor took ${formatPercent(stealShareP50)} of a processor (${formatPercent(stealShareMax)} at worst)`,
        ]),
    ...(otherShareP50 === null
      ? []
      : [`other programs took ${formatPercent(otherShareP50)} (${formatPercent(otherShareMax)} at worst)`]),
    `${trialsOut} of ${formatNumberOf(trials, "trial")} out`,
  ].join("; ");
}

function passedReasons({ document, pairs, noise, rollouts = [] }: GateFacts): string[] {
  const { comparisons, slo = [] } = document;
  const same = pairs.filter(({ sameConfig }) => sameConfig === true);
  const alone = pairs.filter(({ baseline }) => baseline === null);
  const effects = Object.entries(noise?.smallestEffect ?? {}).map(([metric, share]) => ({
    metric: metric as Comparison["metric"],
    said: formatPercent(share),
  }));
  const candidates = [...new Set(comparisons.map(({ candidate }) => candidate))];
  const met = slo.filter(
    ({ status, arm }) => status === "met" && pairs.some(({ candidate }) => candidate === arm),
  );
  const rolled = pairs.flatMap(({ candidate }) => rollouts.filter(({ arm }) => arm === candidate));
  return [
    ...rolled.map((rollout) => {
      const { lead, rest } = rolloutSentence(rollout);
      return `${rollout.arm}: ${lead}${rest}`;
    }),
    ...same.map(
      ({ baseline, candidate, diff }) =>
        `${candidate} and ${baseline} come to the same config${diff.length > 0 ? " here, for what differs is left out or means the same" : ""}${comparisons.length > 0 ? "" : ": there is nothing to compare (--force measures all the same)"}`,
    ),
    ...alone.map(
      ({ candidate }) => `${candidate} was held to its findings and SLOs alone: it has no baseline`,
    ),
    ...candidates.map((candidate) => {
      const own = comparisons.filter((one) => one.candidate === candidate);
      const list = listMetrics(own.map((one) => ({ metric: one.metric, said: ratioWords(one) })));
      return `nothing is worse in ${candidate}: ${list}`;
    }),
    ...(effects.length === 0
      ? []
      : [`the smallest slowdown that would have been shown, 4 times in 5: ${listMetrics(effects)}`]),
    ...met.map((one) => `${one.arm} meets ${one.expression}: ${sloValue(one.value, one)}`),
  ];
}
