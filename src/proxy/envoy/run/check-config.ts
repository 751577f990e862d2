/**
 * Asks Envoy itself whether a config is good (`--mode validate`), always of the copy in the private folder: validating
 * runs a config's code, makes its log files and asks for its names.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import { checkInstance } from "../../instance/check-instance.js";
import {
  type EnvoyInstance,
  envoyArguments,
  instanceEnvironment,
  originalWords,
  writeConfig,
} from "./envoy-instance.js";

/**
 * @returns the config's text as it was checked, addresses filled in
 * @throws ConfigRefusedError with Envoy's own words and the user's own file and line
 */
export async function checkConfig(instance: EnvoyInstance, signal: AbortSignal): Promise<string> {
  const { text, exitCode, output } = await checkInstance(
    instance,
    {
      arguments: ["--mode", "validate", ...envoyArguments(instance)],
      environment: instanceEnvironment(instance),
      write: (listenPorts) => writeConfig(instance, listenPorts),
    },
    signal,
  );
  if (exitCode === 0) return text;
  const refusal = refusalOf(output);
  const words = refusal === null ? `envoy --mode validate ended with ${exitCode}` : refusal;
  throw new ConfigRefusedError("Envoy", instance.configName, originalWords(instance, words));
}

/** What Envoy refuses with, on one line: it wraps its own, and spaces it differently each time. Null for no refusal. */
export function refusalOf(output: string): string | null {
  const [, said] =
    /^\[critical\]\[\w+\] (?:error initializing configuration '[^']*': |error `?)([\s\S]*)/m.exec(output) ??
    [];
  if (said === undefined) return null;
  const words = said
    .replace(/\n\[\w+\]\[[\s\S]*$/, "")
    .replace(/` initializing config '[\s\S]*$/, "")
    // The whole config, as JSON, behind the reason.
    .replace(/\): \{\s*"[\s\S]*$/, ")")
    .replace(/\s+/g, " ")
    .trim();
  const [, path, message] =
    /reason INVALID_ARGUMENT: ?(?:invalid JSON in \S+ ?)?(@ ?[^ ]+: [\s\S]*|near[\s\S]*)\) has unknown fields$/.exec(
      words,
    ) ?? [];
  return message ?? path ?? words;
}
