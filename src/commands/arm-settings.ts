/**
 * `--set directive=value` and the arm it belongs to: the one that stands before it on the command line.
 */
import { existsSync } from "node:fs";
import { UsageError } from "../base/errors.js";
import { withoutArmName } from "../scenario/arm.js";
import type { ScenarioInput } from "../scenario/scenario.js";

type ArmInput = Exclude<ScenarioInput["arms"][number], string>;

/** Collects a repeatable flag for commander. */
export function collectSettings(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

/**
 * Gives each arm the settings that follow it; those before any arm go to the first.
 * @param argv the command line as typed, for the order of arms and settings
 * @param options.variantOfSingle a single arm with settings stands for two: as it is, and with them
 * @throws UsageError for a setting that is not `directive=value`
 */
export function armsWithSettings(
  arms: readonly string[],
  argv: readonly string[],
  options: { readonly variantOfSingle?: boolean } = {},
): ArmInput[] {
  const settings = arms.map((): Record<string, string> => ({}));
  let next = 0;
  for (const [index, word] of argv.entries()) {
    if (word === arms[next] && argv[index - 1] !== "--set") next++;
    const setting =
      word === "--set" ? argv[index + 1] : word.startsWith("--set=") ? word.slice(6) : undefined;
    if (setting !== undefined) Object.assign(settings[Math.max(0, next - 1)] ?? {}, parseSetting(setting));
  }
  const given = arms.map((arm, index) => ({ arm, set: settings[index] ?? {} }));
  const [single] = given;
  if (options.variantOfSingle && given.length === 1 && single && Object.keys(single.set).length > 0) {
    return [
      { arm: single.arm, set: {} },
      // A variant must not share its original's name.
      { ...single, arm: withoutArmName(single.arm) },
    ];
  }
  return given;
}

function parseSetting(text: string): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0 || at === text.length - 1) {
    throw new UsageError(`Cannot use --set ${text}: want directive=value, such as proxy_buffering=off`);
  }
  return { [text.slice(0, at)]: text.slice(at + 1) };
}

/** Config files of arms on the command line are looked for from the current folder. */
export function findGivenArm(file: string): string {
  if (!existsSync(file)) throw new UsageError(`Cannot read the config ${file}: there is no such file`);
  return file;
}
