/**
 * Which proxies an arm, a side of a gate or a scenario asks for.
 */
import { UsageError } from "../base/errors.js";
import { startsAsArm, withoutArmName } from "../scenario/arm.js";
import { findScenario } from "../scenario/find-scenario.js";
import { parseScenario } from "../scenario/parse-scenario.js";
import { kindByFileName, kindToldByName, type ProxyKind, proxyKindOf } from "../scenario/proxy-kind.js";

/** None for what cannot be read: who is to use it says what is wrong with it. */
export function proxiesOf(text: string): readonly ProxyKind[] {
  if (["", "none"].includes(text)) return [];
  try {
    const scenario = findScenario(text);
    if (scenario === null) return kindOf(text);
    const { arms } = parseScenario(scenario.text, scenario.file);
    return [...new Set(arms.flatMap((item) => kindOf(typeof item === "string" ? item : item.arm)))];
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    // Configs in YAML end as scenarios do.
    const kind = kindToldByName(text);
    return kind === null ? [] : [kind];
  }
}

/** What is no arm is a config, as a gate takes it. */
function kindOf(text: string): ProxyKind[] {
  const arm = withoutArmName(text);
  const kind = startsAsArm(arm) ? proxyKindOf(arm) : kindByFileName(arm);
  return kind === null ? [] : [kind];
}
