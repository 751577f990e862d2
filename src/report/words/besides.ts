/** What an arm was sent besides its trials, by the names that reports give it, in the order in which it was sent. */
import type { ArmResult } from "../../results/run-document.js";
import type { TrafficResult } from "../../results/traffic-schema.js";

const names = [
  ["preflight", "preflight"],
  ["calibration", "calibration"],
  ["burnIn", "burn-in"],
  ["cutOff", "cut off"],
] as const;

interface Beside {
  /** As the run document has it. */
  readonly key: (typeof names)[number][0];
  readonly name: (typeof names)[number][1];
  readonly traffic: TrafficResult;
}

export function besidesOf(arm: ArmResult): Beside[] {
  return names.flatMap(([key, name]) => {
    const traffic = arm[key];
    return traffic === undefined ? [] : [{ key, name, traffic }];
  });
}
