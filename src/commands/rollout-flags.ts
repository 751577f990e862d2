/**
 * The flags that only `rollout` has, checked.
 */

import { resolve } from "node:path";
import { UsageError } from "../base/errors.js";
import { nearestName } from "../base/nearest-name.js";
import { readQuantityFlag } from "../base/quantity.js";
import { type ReconnectKind, reconnectKinds } from "../load/messages.js";
import { parseRolloutSlos, type RolloutSlo } from "../scenario/rollout-slo.js";
import { readDelay } from "../scenario/weather-schema.js";
import type { WorkloadInput } from "../scenario/workload.js";
import { type RolloutEvent, rolloutEvents } from "../trial/rollout/rollout-event.js";
import type { RolloutPlan } from "../trial/rollout/rollout-settings.js";
import { rolloutWeather } from "../trial/rollout/rollout-weather.js";

export type RolloutFlags = Omit<RolloutPlan, "ratePerS"> & { readonly slos: readonly RolloutSlo[] };

const longestS = 3600;
const usualSlowUs = 20_000;

/**
 * @param asked what of a workload's flags is about the line
 * @throws UsageError for a value that cannot be
 */
export function readRolloutFlags(
  options: Readonly<Record<string, unknown>>,
  asked: Pick<WorkloadInput, "delay" | "loss">,
): RolloutFlags {
  const slos = ((options.slo as readonly string[] | undefined) ?? []).flatMap(parseRolloutSlos);
  const event = readEvent(options.event);
  return {
    event,
    toBinary: readBinary(options.toBinary, event),
    weather: rolloutWeather(event, {
      delay: asked.delay === undefined ? null : readDelay(asked.delay),
      lossShare: asked.loss ?? null,
      lastsS: readQuantityFlag("lasts", options.lasts, { kind: "time", least: 0.1, most: longestS }),
    }),
    share: readQuantityFlag("share", options.share, { kind: "share", least: 0.001, most: 1 }),
    times: readQuantityFlag("times", options.times, { kind: "count", least: 1, most: 1000 }),
    everyS: readQuantityFlag("every", options.every, { kind: "time", least: 0.05, most: longestS }),
    beforeS: readQuantityFlag("before", options.before, { kind: "time", least: 0.5, most: longestS }),
    patienceS: readQuantityFlag("patience", options.patience, { kind: "time", least: 1, most: longestS }),
    reconnect: readPolicies(String(options.reconnect)),
    blocks:
      options.blocks === undefined
        ? 1
        : readQuantityFlag("blocks", options.blocks, { kind: "count", least: 1, most: 100 }),
    slowAboveUs: slos.find(({ metric }) => metric === "during.p99")?.limit ?? usualSlowUs,
    slos,
  };
}

function readEvent(given: unknown): RolloutEvent {
  const text = String(given);
  const event = rolloutEvents.find((one) => one === text);
  if (event !== undefined) return event;
  const near = nearestName(text, rolloutEvents);
  throw new UsageError(
    `Cannot use --event ${text}${near === null ? "" : ` (did you mean ${near}?)`}: want one of ${rolloutEvents.join(", ")}`,
  );
}

function readBinary(given: unknown, event: RolloutEvent): string | null {
  if (given === undefined) return null;
  if (event !== "upgrade")
    throw new UsageError(`Cannot use --to-binary with --event ${event}: want --event upgrade`);
  return resolve(String(given));
}

function readPolicies(text: string): ReconnectKind[] {
  return text.split(",").map((part) => {
    const kind = reconnectKinds.find((one) => one === part.trim());
    if (kind === undefined)
      throw new UsageError(
        `Cannot use --reconnect ${text}: want ${reconnectKinds.join(", ")}, or several with commas between them`,
      );
    return kind;
  });
}
