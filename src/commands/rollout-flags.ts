/**
 * The flags that only `rollout` has, checked.
 */

import { UsageError } from "../base/errors.js";
import { nearestName } from "../base/nearest-name.js";
import { type ReconnectKind, reconnectKinds } from "../load/messages.js";
import { parseRolloutSlos, type RolloutSlo } from "../scenario/rollout-slo.js";
import { type RolloutEvent, rolloutEvents } from "../trial/rollout/rollout-event.js";
import type { RolloutPlan } from "../trial/rollout/rollout-settings.js";

export type RolloutFlags = Omit<RolloutPlan, "ratePerS"> & { readonly slos: readonly RolloutSlo[] };

const usualSlowUs = 20_000;

/** @throws UsageError for a value that cannot be */
export function readRolloutFlags(options: Readonly<Record<string, unknown>>): RolloutFlags {
  const slos = ((options.slo as readonly string[] | undefined) ?? []).flatMap(parseRolloutSlos);
  return {
    event: readEvent(options.event),
    times: readWhole("times", options.times, 1, 1000),
    everyS: readTime("every", options.every, 0.05),
    beforeS: readTime("before", options.before, 0.5),
    patienceS: readTime("patience", options.patience, 1),
    reconnect: readPolicies(String(options.reconnect)),
    blocks: options.blocks === undefined ? 1 : readWhole("blocks", options.blocks, 1, 100),
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

function readWhole(name: string, given: unknown, least: number, most: number): number {
  const value = String(given).trim() === "" ? Number.NaN : Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`Cannot use --${name} ${String(given)}: want a whole number from ${least} to ${most}`);
}

/** Seconds. */
function readTime(name: string, given: unknown, least: number): number {
  const text = String(given).trim();
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  const seconds =
    match === null ? Number.NaN : Number(match[1]) * ({ ms: 1e-3, s: 1, m: 60 }[match[2] ?? "s"] ?? 1);
  if (seconds >= least && seconds <= 3600) return seconds;
  throw new UsageError(
    `Cannot use --${name} ${text}: want a time such as 2s or 500ms, from ${least}s to 60m`,
  );
}
