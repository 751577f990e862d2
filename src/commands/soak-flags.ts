/**
 * The flags that only `soak` has, checked.
 */
import { UsageError } from "../base/errors.js";
import { readQuantityFlag } from "../base/quantity.js";
import { type ReconnectKind, reconnectKinds } from "../load/messages.js";
import { type RepeatedEvent, type SoakPlan, soakEvents } from "../trial/soak/soak-settings.js";

const leastS = 1;
const mostS = 30 * 86_400;
/** Of `--event`. */
const usualEvery = "10m";

/** Without `--window`, about so many windows: enough for a trend, few enough to look at. */
const usualWindows = 240;
const shortestWindowS = 0.5;
const longestWindowS = 60;
/** All of them stand in one document, written anew after each. */
const mostWindows = 5000;
const fewestWindows = 2;

/** @throws UsageError for a value that cannot be */
export function readSoakFlags(options: Readonly<Record<string, unknown>>): SoakPlan {
  const forS = readQuantityFlag("for", options.for, { kind: "time", least: leastS, most: mostS });
  const windowS =
    options.window === undefined
      ? usualWindow(forS)
      : readQuantityFlag("window", options.window, { kind: "time", least: 0.1, most: mostS });
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
    repeated: repeatedOf(options, windows * windowS),
    reconnect: reconnectOf(options.reconnect),
  };
}

function repeatedOf({ event, every }: Readonly<Record<string, unknown>>, forS: number): RepeatedEvent | null {
  if (event === undefined) {
    if (every !== undefined)
      throw new UsageError("Cannot use --every without --event: want `--event reload`");
    return null;
  }
  const known = soakEvents.find((one) => one === event);
  if (known === undefined)
    throw new UsageError(
      `Cannot use --event ${String(event)} in a soak: want one of ${soakEvents.join(", ")}`,
    );
  const everyS = readQuantityFlag("every", every ?? usualEvery, { kind: "time", least: 0.5, most: mostS });
  if (everyS >= forS)
    throw new UsageError(
      `Cannot let ${known} happen every ${everyS} s of ${forS} s: want --every below --for`,
    );
  return { event: known, everyS };
}

function usualWindow(forS: number): number {
  const windowS = Math.min(longestWindowS, Math.max(shortestWindowS, forS / usualWindows));
  return windowS < 1 ? shortestWindowS : Math.round(windowS);
}

function reconnectOf(given: unknown): ReconnectKind {
  return reconnectKinds.find((kind) => kind === given) ?? "backoff";
}
