/**
 * What of a rollout takes one machine, and so cannot be had with agents: known before any of them is looked for.
 */
import { UsageError } from "../../base/errors.js";
import type { CrewWish } from "../../cluster/gather-crew.js";
import type { RolloutPlan } from "./rollout-settings.js";
import { takesLine } from "./rollout-weather.js";

/** @throws UsageError */
export function requireAgentsFor(
  { event, weather, toBinary }: Pick<RolloutPlan, "event" | "weather" | "toBinary">,
  { proxyAgent }: Pick<CrewWish, "proxyAgent">,
): void {
  const isOfLine = event === "delay" || event === "loss" || event === "dead-peers";
  if (takesLine(event, weather))
    throw new UsageError(
      `Cannot roll out ${isOfLine ? `--event ${event}` : "with --delay or --loss"} with agents: its line between clients and proxy is laid within one machine; want the load and the proxy here, without --nats`,
    );
  if (toBinary !== null && proxyAgent !== null)
    throw new UsageError(
      `Cannot have agent ${proxyAgent} go over to --to-binary ${toBinary}, a program of this machine: want the upgrade without it, to the same program again, or the run on the proxy's host`,
    );
}
