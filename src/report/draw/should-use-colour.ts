/** Whether to colour: https://no-color.org and https://force-color.org, then what the stream is. */
import { isInteractive, type TerminalSigns } from "./is-interactive.js";

/**
 * `NO_COLOR` wins over everything, for a stray colour code spoils a log and a missing colour spoils nothing;
 * `FORCE_COLOR` comes next (`0` and `false` mean off); else a terminal outside CI that is not `dumb`.
 */
export function shouldUseColour({ isTty, env }: TerminalSigns): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced.toLowerCase() !== "false";
  return isInteractive({ isTty, env });
}
