/**
 * Simulated runs through the real judge: gates over p50, steadyP99, CPU a message and stalls, on machines of three kinds
 * (docs/statistics.md, Reference numbers): log-normal or heavy-tailed noise of a trial, a slow change of the machine,
 * bursts; stalls at random, some of them the machine's that were not told apart.
 */
import { createPrng } from "../../build/base/prng.js";
import { defaultDecisionPlan } from "../../build/judge/series/decision-plan.js";
import { judgeSeries } from "../../build/judge/series/judge-series.js";
import { isLeftOpen } from "../../build/judge/series/open-differences.js";
import { defaultMargin, stallsMetric } from "../../build/scenario/metric.js";
import { mostByChance, outcomeOf } from "./tally.js";

/** Seconds from one trial's start to the next one's. */
const trialS = 1.9;
/** How fast the machine's slow change forgets, in seconds. */
const memoryS = 30;

/** What a run of 120 s has time for. */
const blocksIn120S = 28;
const mostBlocks = defaultDecisionPlan.looks.at(-1);

/** A slot of either arm in turn, as many as make up a trial; an epoch of both takes as long as two trials. */
const slotS = 0.1;
const slotsOfTrial = 8;
/**
 * What is left of a trial's own noise where its slots lie beside the other's (docs/statistics.md, table H). That p50 is compared
 * cycle by cycle, which makes it quieter still (table I), is left out.
 */
const quieterInSlots = { "wire.p50": 0.5, "wire.steadyP99": 0.8, cpuUsPerMessage: 0.5 };

/**
 * `noise` and `slow` are standard deviations of log p50; `tail` the degrees of freedom of Student's t; `stalls` are how many
 * a second there are in either arm.
 */
const machines = {
  quiet: { noise: 0.02, tail: null, slow: 0.02, burst: null, stalls: 0.02 },
  typical: { noise: 0.04, tail: 5, slow: 0.06, burst: { size: 0.25, lengthS: 6, everyS: 90 }, stalls: 0.1 },
  noisy: {
    noise: 0.07,
    tail: 3,
    slow: 0.1,
    burst: { size: 0.4, lengthS: 10, everyS: 45 },
    first: 0.02,
    stalls: 0.5,
  },
};

/** How much noisier than p50 a metric is. */
const metrics = { "wire.p50": 1, "wire.steadyP99": 1.5, cpuUsPerMessage: 1.4 };

const compared = [...Object.keys(metrics), stallsMetric];

const { alpha } = defaultDecisionPlan;
const plan = {
  ...defaultDecisionPlan,
  margins: Object.fromEntries(
    [...Object.keys(metrics), stallsMetric].map((name) => [name, defaultMargin(name)]),
  ),
};

export const simulatedCases = [
  ...Object.keys(machines).map((machine) => simulated(machine, { effect: 0 })),
  simulated("typical", { effect: 0, blocks: mostBlocks }),
  simulated("noisy", { effect: 0, blocks: mostBlocks }),
  simulated("quiet", { effect: 0.05, only: "wire.p50" }),
  simulated("quiet", { effect: 1, only: stallsMetric }),
  simulated("typical", { effect: 0.05 }),
  simulated("typical", { effect: 0.1 }),
  simulated("typical", { effect: 0.1, only: "cpuUsPerMessage" }),
  simulated("typical", { effect: 0.1, only: "wire.steadyP99" }),
  simulated("typical", { effect: 1, only: stallsMetric }),
  simulated("noisy", { effect: 0.1 }),
  ...Object.keys(machines).map((machine) => simulated(machine, { effect: 0, inSlots: true })),
  simulated("typical", { effect: 0.05, inSlots: true }),
  simulated("typical", { effect: 0.1, only: "cpuUsPerMessage", inSlots: true }),
  simulated("typical", { effect: 0.1, only: "wire.steadyP99", inSlots: true }),
  simulated("noisy", { effect: 0.1, inSlots: true }),
];

/** @param effect a share more, of stalls so many a second; of all but stalls unless it is of one metric alone */
function simulated(machine, { effect, only = null, blocks = blocksIn120S, inSlots = false }) {
  const much = only === stallsMetric ? `${effect}/s` : `${effect * 100} %`;
  const difference = effect === 0 ? "equal" : `${only ?? "all"} +${much}`;
  const what = `${difference}${blocks === mostBlocks ? ", all looks" : ""}${inSlots ? ", in slots" : ""}`;
  return {
    kind: "simulated",
    name: `simulated ${machine}, ${what}`,
    runs: 2000,
    quickRuns: 200,
    // Seeds make them again at any time.
    file: "results/simulated-verdicts.jsonl",
    run: async ({ run }) =>
      simulate({ machine: machines[machine], effect, only, blocks, inSlots, seed: run }),
    target: effect === 0 ? falseAlarms : power(machine, effect),
  };
}

/** Where nothing differs at most 1 % of gates find anything worse and 1 % anything better; 95 % intervals hold the truth. */
function falseAlarms(lines) {
  const share = (verdict) => lines.filter(({ verdicts }) => verdicts.includes(verdict)).length / lines.length;
  const [worse, better] = [share("worse"), share("better")];
  const most = mostByChance(lines.length, alpha) / lines.length;
  return {
    words: `worse, better in at most ${alpha * 100} % each`,
    measured: `${percent(worse)}, ${percent(better)}; intervals hold ${percent(coverage(lines))}`,
    isMet: worse <= most && better <= most && coverage(lines) > 0.92,
  };
}

/** What was found (docs/statistics.md, table C), less what 2,000 runs may be off. */
function power(machine, effect) {
  const wanted = { quiet: 0.97, typical: effect === 0.05 ? 0.8 : 0.88, noisy: 0.83 }[machine];
  return (lines) => {
    const found = lines.filter(({ outcome }) => outcome === "worse").length / lines.length;
    return {
      words: `worse in at least ${wanted * 100} %`,
      measured: `${percent(found)}; intervals hold ${percent(coverage(lines))}`,
      isMet: found >= wanted,
    };
  };
}

function coverage(lines) {
  const held = lines.flatMap((line) => line.holds);
  return held.filter(Boolean).length / Math.max(1, held.length);
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

function simulate({ machine, effect, only, blocks: most, inSlots, seed }) {
  // Seeds of neighbouring runs must not give neighbouring streams.
  const chance = createChance((seed * 0x9e3779b1 + 1) >>> 0);
  const truth = (metric) => {
    if (metric === stallsMetric) return only === stallsMetric ? effect : 0;
    return only === null || only === metric ? Math.log1p(effect) : 0;
  };
  const judgement = judgeSeries({
    outcomes: madeOutcomes({ machine, chance, truth, blocks: most, inSlots }),
    baseline: "base",
    candidates: ["candidate"],
    metrics: compared,
    plan,
    mode: "gate",
    ended: true,
  });
  const { blocks } = judgement;
  // As in the document.
  const comparisons = judgement.comparisons.filter((one) => !isLeftOpen(one, { metrics: compared }));
  const ratios = comparisons.filter(({ metric }) => metric !== stallsMetric);
  return {
    outcome: outcomeOf(comparisons.map(({ verdict }) => verdict)),
    verdicts: comparisons.map(({ verdict }) => verdict),
    blocks,
    seconds: blocks * 2 * trialS,
    holds: ratios.map(({ metric, ci95 }) => ci95.low <= truth(metric) && truth(metric) <= ci95.high),
  };
}

function madeOutcomes({ machine, chance, truth, blocks, inSlots }) {
  const outcomes = [];
  const weather = inSlots ? weatherInSlots(machine, chance) : weatherOfTrials(machine, chance);
  for (let block = 0; block < blocks; block++) {
    const order = chance.uniform() < 0.5 ? ["base", "candidate"] : ["candidate", "base"];
    for (const [position, arm] of order.entries()) {
      const shared = weather(position) + (position === 0 ? (machine.first ?? 0) : 0);
      const values = Object.entries(metrics).map(([metric, noisier]) => {
        const own = machine.noise * (machine.tail === null ? chance.normal() : chance.student(machine.tail));
        const log =
          noisier * (shared + (inSlots ? quieterInSlots[metric] : 1) * own) +
          (arm === "candidate" ? truth(metric) : 0);
        return [metric, 100 * Math.exp(log)];
      });
      values.push([
        stallsMetric,
        chance.poisson(machine.stalls + (arm === "candidate" ? truth(stallsMetric) : 0)),
      ]);
      outcomes.push({ block, arm, usable: true, metrics: Object.fromEntries(values) });
    }
  }
  return outcomes;
}

/** Of one trial after the other. */
function weatherOfTrials(machine, chance) {
  const world = createWorld(machine, trialS, chance);
  return () => world.next();
}

/** Of the two trials of an epoch: the mean over the slots of each, which go in turns. Then comes what is no slot. */
function weatherInSlots(machine, chance) {
  const world = createWorld(machine, slotS, chance);
  const [slots, others] = [2 * slotsOfTrial, Math.round((2 * trialS) / slotS) - 2 * slotsOfTrial];
  let means = [0, 0];
  return (position) => {
    if (position === 0) {
      means = [0, 0];
      for (let slot = 0; slot < slots; slot++) means[slot % 2] += world.next() / slotsOfTrial;
      for (let other = 0; other < others; other++) world.next();
    }
    return means[position];
  };
}

/** The machine's own state, one stretch after the other: a slow change (Ornstein-Uhlenbeck) and bursts at random distances. */
function createWorld({ slow, burst }, stepS, chance) {
  const keep = Math.exp(-stepS / memoryS);
  let state = slow * chance.normal();
  let nowS = 0;
  let burstEndS = 0;
  return {
    next() {
      nowS += stepS;
      state = keep * state + slow * Math.sqrt(1 - keep ** 2) * chance.normal();
      if (burst !== null && nowS > burstEndS && chance.uniform() < stepS / burst.everyS) {
        burstEndS = nowS + burst.lengthS;
      }
      return state + (burst !== null && nowS < burstEndS ? Math.log1p(burst.size) : 0);
    },
  };
}

function createChance(seed) {
  const prng = createPrng(seed);
  const uniform = () => prng.nextFloat();
  // Box-Muller; 1 − u is never 0.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  /** Student's t, scaled to a standard deviation of 1. */
  const student = (freedom) => {
    let squares = 0;
    for (let i = 0; i < freedom; i++) squares += normal() ** 2;
    return (normal() / Math.sqrt(squares / freedom)) * Math.sqrt((freedom - 2) / freedom);
  };
  /** How many there are where so many are expected, by inversion. */
  const poisson = (expected) => {
    let count = 0;
    let share = Math.exp(-expected);
    for (let left = uniform() - share; left > 0 && share > 0; left -= share) share *= expected / ++count;
    return count;
  };
  return { uniform, normal, student, poisson };
}
