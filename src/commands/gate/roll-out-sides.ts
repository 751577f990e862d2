/**
 * A gate's rollout: both sides of every pair go through the same event with clients connected, one after the other.
 */
import { rolloutSentence } from "../../report/rollout/rollout-words.js";
import type { GateResult } from "../../results/gate-schema.js";
import { toRolloutResult } from "../../results/rollout-result.js";
import type { Rollout } from "../../results/rollout-schema.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { RolloutEvent } from "../../trial/rollout/rollout-event.js";
import { rolloutWeather } from "../../trial/rollout/rollout-weather.js";
import { runRollout } from "../../trial/rollout/run-rollout.js";
import { chooseSeed, generatorThreads } from "../measurement.js";
import type { RunProgress } from "../run-progress.js";
import { assertConfined } from "./assert-confined.js";
import type { GateBudget } from "./gate-budget.js";
import type { GateSettings } from "./gate-flags.js";

type SentAside = NonNullable<GateResult["probes"]>[number];

interface GateFacts {
  readonly settings: Pick<GateSettings, "rollout">;
  /** What was sent besides what is measured. */
  readonly probes: SentAside[];
  readonly progress: RunProgress;
  readonly budget: Pick<GateBudget, "signal">;
  readonly signal: AbortSignal;
}

interface SidesRollout {
  readonly scenario: Scenario;
  readonly event: RolloutEvent;
  readonly progress: RunProgress;
  /** Told of what a look at an arm before its load has sent. */
  readonly sent: (sent: SentAside) => void;
  readonly signal: AbortSignal;
}

/** Enough to see who is cut; a gate has other things to measure too. */
const clientsMost = 500;
const ratePerS = 2000;
const beforeS = 1;
const patienceS = 8;
/** Of an event that is weather. */
const lastsS = 3;
const slowAboveUs = 20_000;

/**
 * What the event that was asked for cost each side: nothing where none was, null when there was no time for it.
 * @throws UsageError when the event cannot be done to an arm; EnvironmentError when a proxy does not come back
 * @throws the signal's reason when aborted
 */
export async function rolloutsOf(
  { settings, probes, progress, budget, signal }: GateFacts,
  scenario: Scenario,
  until: AbortSignal,
): Promise<readonly Rollout[] | null> {
  if (settings.rollout === null) return [];
  try {
    return await rollOutSides({
      scenario,
      event: settings.rollout,
      progress,
      sent: (one) => void probes.push(one),
      signal: until,
    });
  } catch (thrown) {
    if (signal.aborted || !budget.signal.aborted) throw thrown;
    return null;
  }
}

async function rollOutSides({ scenario, event, progress, sent, signal }: SidesRollout): Promise<Rollout[]> {
  const asked = new Set(scenario.pairs.flatMap(({ baseline, candidate }) => [baseline, candidate]));
  const arms = scenario.arms
    .filter(({ name }) => asked.size === 0 || asked.has(name))
    .map((arm) => ({
      ...arm,
      workload: { ...arm.workload, connections: Math.min(clientsMost, arm.workload.connections) },
    }));
  assertConfined(arms);
  const rollouts: Rollout[] = [];
  await runRollout({
    scenario: { ...scenario, arms },
    plan: {
      ...{
        event,
        toBinary: null,
        share: 0.1,
        times: 1,
        everyS: 1,
        beforeS,
        patienceS,
        ratePerS,
        slowAboveUs,
      },
      weather: rolloutWeather(event, { delay: null, lossShare: null, lastsS }),
      reconnect: ["at-once"],
      blocks: 1,
    },
    seed: chooseSeed(scenario),
    threads: generatorThreads(scenario),
    signal,
    observer: {
      progress: (state) => progress.show(state),
      sentAside: ({ plan }, _, { messages, connections }) =>
        sent({ arm: plan.name, connections: connections.opened, messages: messages.sent }),
      planned: async () => undefined,
      async rolled(record) {
        const rollout = toRolloutResult(record);
        rollouts.push(rollout);
        const { lead, rest } = rolloutSentence(rollout);
        progress.step(`${rollout.arm}: ${lead}${rest}`);
      },
    },
  });
  return rollouts;
}
