/**
 * Asks HAProxy itself whether a config is good (`haproxy -c`), always of the copy in the private folder: of a config as
 * it is written it would run Lua, open files and ask for names.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import { checkInstance } from "../../instance/check-instance.js";
import {
  type HaproxyInstance,
  haproxyArguments,
  instanceEnvironment,
  originalWords,
  writeConfig,
} from "./haproxy-instance.js";

/**
 * @returns the config's text as it was checked, addresses filled in
 * @throws ConfigRefusedError with HAProxy's own words and the user's own file and line
 */
export async function checkConfig(instance: HaproxyInstance, signal: AbortSignal): Promise<string> {
  const { text, exitCode, output } = await checkInstance(
    instance,
    {
      arguments: ["-c", ...haproxyArguments()],
      environment: instanceEnvironment(instance),
      write: (listenPorts) => writeConfig(instance, listenPorts),
    },
    signal,
  );
  if (exitCode === 0) return text;
  const refusals = alertsOf(output).map((line) => originalWords(instance, line));
  const words = refusals.length > 0 ? refusals.join("; ") : silentEnd(exitCode);
  throw new ConfigRefusedError("HAProxy", instance.configName, words);
}

/** 2 is for a config without an error and without a listener. */
function silentEnd(exitCode: number | null): string {
  return exitCode === 2
    ? "it would not start, for no frontend of it has a `bind`"
    : `haproxy -c ended with ${exitCode}`;
}

/** What only says that something else was wrong. */
const summary = /Error\(s\) found in configuration file|Fatal errors found in configuration|^\s*$/;

/** The messages that refuse, without their stamps: `[ALERT]    (123) : config : parsing [FILE:3] : unknown keyword …`. */
export function alertsOf(text: string): string[] {
  const messages = text
    .split("\n")
    .flatMap(
      (line) => /^\[ALERT\]\s+(?:\(\d+\)|\S+\s+\(\d+\)) : (?:config : )?(.+)$/.exec(line)?.[1]?.trim() ?? [],
    )
    .map((message) => message.replace(/^parsing \[([^\]]+)\] ?: /, "$1: "))
    .filter((message) => !summary.test(message));
  return [...new Set(messages)];
}
