/**
 * Where alternating slots can be had: several arms with proxies of their own here, under one schedule, whose connections
 * this process can hold all at once. What is left out keeps its blocks (docs/statistics.md, Slots). Pure.
 */
import { UsageError } from "../../base/errors.js";
import type { MachineLimits } from "../../diagnosis/limit.js";
import { isByDifference } from "../../scenario/metric.js";
import type { PlannedArm, Scenario } from "../../scenario/scenario.js";
import { messagesAsked } from "../plan-trial.js";
import { spareFiles } from "../scale.js";
import type { TrialLoad } from "../series.js";
import { planSlots, type SlotPlan, slotRule } from "./slot-plan.js";

/** Every arm is prepared once for each backend. */
const mostPreparations = 12;
/** Of all arms of a round together: beyond, opening takes longer than the load, and memory is no longer small. */
const mostConnections = 6000;

/** @returns why not, to go behind "blocks, for"; null where they fit */
export function whyNoSlots(
  { arms, rounds, burnIn, metrics }: Pick<Scenario, "arms" | "rounds" | "burnIn" | "metrics">,
  { hasAgents, limits }: { readonly hasAgents: boolean; readonly limits: MachineLimits },
): string | null {
  if (hasAgents) return "agents make the load";
  if (burnIn === "one") return "the arms of a round warm up together";
  if (rounds.some((round) => round.length < 2)) return "an arm has no other to take turns with";
  if (metrics.every(isByDifference)) return "an arm's stalls would fall into others' slots";
  if (arms.length * mostSideBySide({ rounds }) > mostPreparations) return "there are too many arms";
  if (new Set(arms.map(({ group }) => group)).size > 1) return "arms differ in their load";
  const most = Math.max(...rounds.map((round) => connectionsOf(round, arms)));
  const files = (limits.maxOpenFiles ?? Number.POSITIVE_INFINITY) - spareFiles;
  if (most > Math.min(mostConnections, files)) return `${most} connections at once are too many`;
  return arms.map(whyNotArm).find((why) => why !== null) ?? null;
}

/**
 * Whether a run's arms are to share their time: by what was asked for, and by whether it fits.
 * @throws UsageError where slots were asked for and do not fit
 */
export function takesSlots(scenario: Scenario, machine: Parameters<typeof whyNoSlots>[1]): boolean {
  if (scenario.interleave === "blocks") return false;
  const why = whyNoSlots(scenario, machine);
  if (why !== null && scenario.interleave === "slots")
    throw new UsageError(`Cannot use --interleave slots: ${why}; want --interleave blocks`);
  return why === null;
}

/**
 * @returns null for blocks of whole trials, where the load turns out not to fit into slots
 * @throws UsageError where slots were asked for
 */
export function settleSlots(scenario: Scenario, load: TrialLoad): SlotPlan | null {
  // The arms of slots have one load, so that what was asked of one was asked of all.
  const warmupS = scenario.arms[0]?.workload.warmupS ?? null;
  const slots = planSlots(load, mostSideBySide(scenario), messagesAsked(scenario), warmupS);
  if (slots === null && scenario.interleave === "slots")
    throw new UsageError(
      `Cannot use --interleave slots: windows of ${load.durationS} s at ${load.ratePerS}/s do not divide into ${slotRule}; want another --duration or --rate, or --interleave blocks`,
    );
  return slots;
}

/** Arms that take turns, each with a backend of its own, so that both ends' counts are its own. */
export function mostSideBySide({ rounds }: Pick<Scenario, "rounds">): number {
  return Math.max(0, ...rounds.map(({ length }) => length));
}

function connectionsOf(round: readonly string[], arms: readonly PlannedArm[]): number {
  return arms
    .filter(({ name }) => round.includes(name))
    .reduce((sum, { workload }) => sum + workload.connections, 0);
}

function whyNotArm({ target, workload }: PlannedArm): string | null {
  const { loop, stages, mix, churn, message, push, fanout, http, keepsUpstream, line, rampPerS, residence } =
    workload;
  const { heartbeatS, conversation, busyPoll } = workload;
  if (target.kind === "url") return "a URL is loaded without a break";
  if (loop.kind === "closed") return "a closed loop has no schedule";
  if (stages !== null || mix !== null || message.kind === "replayed")
    return "the load has a schedule of its own";
  if (churn !== null) return "connections come and go";
  if (push !== null || fanout !== null) return "the backend sends by itself";
  if (heartbeatS !== null || (conversation?.keepAlive ?? null) !== null)
    return "what keeps connections alive goes on while another arm has the load";
  if (busyPoll) return "generators that never sleep would take the processor from each other";
  if (http !== 1) return "HTTP/2 was not tried with slots";
  if (keepsUpstream) return "the upstream is the config's own";
  if (residence) return "packets are watched at one proxy at a time";
  if (line !== null) return "there is a line before the proxy";
  return rampPerS === null ? null : "connections open at a ramp";
}
