/**
 * Asks Apache itself whether a config is good (`apache2 -t`), always of the copy in the private folder.
 */
import { EnvironmentError } from "../../../base/errors.js";
import { ConfigRefusedError } from "../../config-refused-error.js";
import { checkInstance } from "../../instance/check-instance.js";
import { proxyEnvironment } from "../../instance/launch.js";
import { runProgram } from "../../run-program.js";
import { type ApacheInstance, apacheArguments, originalWords, writeConfig } from "./apache-instance.js";

/**
 * @returns the config's text as it was checked, addresses filled in
 * @throws ConfigRefusedError with Apache's own words
 */
export async function checkConfig(instance: ApacheInstance, signal: AbortSignal): Promise<string> {
  const { text, exitCode, output } = await checkInstance(
    instance,
    {
      arguments: ["-t", ...apacheArguments(instance)],
      environment: proxyEnvironment(),
      write: (listenPorts) => writeConfig(instance, listenPorts),
    },
    signal,
  );
  if (exitCode === 0) return text;
  const words = refusalOf(output) ?? `apache2 -t ended with ${exitCode}`;
  throw new ConfigRefusedError("Apache", instance.configName, originalWords(instance, words));
}

/**
 * Whether it would take its config as it stands in the folder now, as `apachectl graceful` asks before its signal: an Apache
 * that is only signalled ends when it does not.
 * @throws EnvironmentError with Apache's own words
 */
export async function checkAsItStands(instance: ApacheInstance): Promise<void> {
  const [file, args] = instance.launch.command(["-t", ...apacheArguments(instance)]);
  const { exitCode, stderr, stdout } = await runProgram(file, args, {
    timeoutMs: checkLimitMs,
    env: proxyEnvironment(),
    cwd: instance.prefix,
  });
  if (exitCode === 0) return;
  const words = refusalOf(`${stderr}${stdout}`) ?? `apache2 -t ended with ${exitCode}`;
  throw new EnvironmentError(`Apache refuses its config at the reload: ${originalWords(instance, words)}`);
}

const checkLimitMs = 30_000;

/** What comes before the words of a message: its stamp, its level, its process, its code. */
const stamp = /^(?:\[[^\]]*\] )*(?:\(\d+\)([^:]*): )?(?:AH\d+: )?/;

/**
 * Why it does not run: "FILE:12: Invalid command 'x'…" of two lines, or that a port is taken; null where it says neither.
 */
export function refusalOf(output: string): string | null {
  const lines = output.split("\n");
  for (const [index, line] of lines.entries()) {
    const syntax = /Syntax error on line (\d+) of (.+):$/.exec(line);
    if (syntax !== null) return `${syntax[2]}:${syntax[1]}: ${(lines[index + 1] ?? "").replace(stamp, "")}`;
    if (/AH00072|\[(?:emerg|crit|alert)\]/.test(line) && !/AH02155/.test(line)) {
      const system = stamp.exec(line)?.[1];
      const words = line.replace(stamp, "");
      return system === undefined ? words : `${words}: ${system}`;
    }
  }
  return (
    lines.find((line) => /^(?:apache2|httpd)(?:\.so)?: |^AH\d+: (?!0055)/.test(line))?.replace(stamp, "") ??
    null
  );
}
