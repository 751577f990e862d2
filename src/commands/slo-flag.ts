/**
 * `--slo`: SLO expressions on the command line, which come on top of the scenario's own.
 */
import type { Command } from "commander";
import type { ScenarioInput } from "../scenario/scenario.js";
import { parseSlos } from "../scenario/slo.js";

/** For a run, which ends with 20 for one that is missed and with 21 for one that is not proven. */
export const sloFlagWords =
  "hold every arm to it: the exit code is 20 when it is missed, 21 when nothing is proven";

/** @param what of whom it is asked, to begin the flag's help with */
export function addSloFlag(command: Command, what: string): Command {
  return command.option(
    "--slo <expression>",
    `${what}, such as 'response.p99 < 20ms && failures == 0' (repeat as needed)`,
    collectSlos,
  );
}

/** @throws UsageError that shows the first fault's place */
function collectSlos(text: string, earlier: readonly string[] = []): string[] {
  parseSlos(text);
  return [...earlier, text];
}

/** @param given of the command line, checked; undefined for none */
export function withSlos<Input extends Pick<ScenarioInput, "slo">>(
  input: Input,
  given: readonly string[] = [],
): Input {
  const own = typeof input.slo === "string" ? [input.slo] : (input.slo ?? []);
  return { ...input, slo: [...own, ...given] };
}
