/**
 * The arms of a scenario as written into arms as run, once: whatever is known of an arm after that stays with it.
 */
import { messageOf, UsageError } from "../base/errors.js";
import { type Arm, isConfigured, parseArm } from "./arm.js";
import type { ParsedScenario, ScenarioInput } from "./scenario.js";

/**
 * @param locate finds a config file that an arm names, and the workload's data
 * @throws UsageError naming every fault, one a line
 */
export function withParsedArms(input: ScenarioInput, locate: (file: string) => string): ParsedScenario {
  const faults: string[] = [];
  const arms = input.arms.flatMap((item) => {
    try {
      return [located(parseItem(item), locate)];
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      faults.push(messageOf(thrown));
      return [];
    }
  });
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  const { workload } = input;
  if (workload?.data === undefined) return { ...input, arms };
  return { ...input, workload: { ...workload, data: locate(workload.data) }, arms };
}

function parseItem(item: ScenarioInput["arms"][number]): Arm {
  if (typeof item === "string") return parseArm(item);
  const { name, arm, set = {} } = item;
  return parseArm(name === undefined ? arm : `${name}=${arm}`, set);
}

function located(arm: Arm, locate: (file: string) => string): Arm {
  const { target } = arm;
  if (target.kind === "url") {
    const { container } = target;
    if (container === undefined || container.configFile === null) return arm;
    const configFile = locate(container.configFile);
    return { ...arm, target: { ...target, container: { ...container, configFile } } };
  }
  if (!isConfigured(target)) return arm;
  return { ...arm, target: { ...target, configFile: locate(target.configFile) } };
}
