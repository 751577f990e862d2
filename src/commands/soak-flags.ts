/**
 * The flags that only `soak` has, checked.
 */
import { UsageError } from "../base/errors.js";
import { type ReconnectKind, reconnectKinds } from "../load/messages.js";
import type { SoakPlan } from "../trial/soak/soak-settings.js";

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };
const leastS = 1;
const mostS = 30 * 86_400;
const churnMost = 100_000;

/** Without `--window`, about so many windows: enough for a trend, few enough to look at. */
const usualWindows = 240;
const shortestWindowS = 0.5;
const longestWindowS = 60;
/** All of them stand in one document, written anew after each. */
const mostWindows = 5000;
const fewestWindows = 2;

/** @throws UsageError for a value that cannot be */
export function readSoakFlags(options: Readonly<Record<string, unknown>>): SoakPlan {
  const forS = parseSpan("for", String(options.for));
  const windowS =
    options.window === undefined ? usualWindow(forS) : parseSpan("window", String(options.window), 0.1);
  const windows = Math.floor(forS / windowS + 1e-9);
  if (windows < fewestWindows || windows > mostWindows) {
    throw new UsageError(
      `Cannot soak for ${forS} s in windows of ${windowS} s: want from ${fewestWindows} to ${mostWindows.toLocaleString("en")} windows`,
    );
  }
  return {
    // The last window is a whole one.
    forS: windows * windowS,
    windowS,
    upkeep: { reconnect: reconnectOf(options.reconnect), churnPerS: parseChurn(options.churn) },
  };
}

function usualWindow(forS: number): number {
  const windowS = Math.min(longestWindowS, Math.max(shortestWindowS, forS / usualWindows));
  return windowS < 1 ? shortestWindowS : Math.round(windowS);
}

function parseSpan(name: string, text: string, least = leastS): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|min|h|d)?$/.exec(text.trim());
  const seconds = match === null ? Number.NaN : Number(match[1]) * (unitSeconds[match[2] ?? "s"] ?? 1);
  if (seconds >= least && seconds <= mostS) return seconds;
  throw new UsageError(
    `Cannot use --${name} ${text}: want a time such as 90s, 20m or 2h, from ${least} s to ${mostS / 86_400} days`,
  );
}

function parseChurn(given: unknown): number {
  if (given === undefined) return 0;
  const text = String(given);
  const churn = text.trim() === "" ? Number.NaN : Number(text.replace(/\/s$/, ""));
  if (churn > 0 && churn <= churnMost) return churn;
  throw new UsageError(
    `Cannot use --churn ${text}: want connections a second, above 0 and up to ${churnMost.toLocaleString("en")}`,
  );
}

function reconnectOf(given: unknown): ReconnectKind {
  return reconnectKinds.find((kind) => kind === given) ?? "backoff";
}
