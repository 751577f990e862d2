/**
 * Asks Caddy itself whether a config is good (`caddy validate`), always of the copy in the private folder: of a config as
 * it is written it would open log files, connect to log servers and write keys.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import { checkInstance } from "../../instance/check-instance.js";
import {
  type CaddyInstance,
  configArguments,
  instanceEnvironment,
  originalWords,
  writeConfig,
} from "./caddy-instance.js";

/**
 * @returns the config's text as it was checked, addresses filled in
 * @throws ConfigRefusedError with Caddy's own words and the user's own file and line
 */
export async function checkConfig(instance: CaddyInstance, signal: AbortSignal): Promise<string> {
  const { text, exitCode, output } = await checkInstance(
    instance,
    {
      arguments: ["validate", ...configArguments(instance)],
      environment: instanceEnvironment(instance),
      write: (listenPorts) => writeConfig(instance, listenPorts),
    },
    signal,
  );
  if (exitCode === 0) return text;
  const words = refusalOf(output) ?? `caddy validate ended with ${exitCode}`;
  throw new ConfigRefusedError("Caddy", instance.configName, originalWords(instance, words));
}

/** What is said around the reason, and tells nothing: "adapting config using caddyfile: ", "loading new config: ". */
const around =
  /^(?:loading (?:initial|new) config: |loading config: |adapting config(?: using [\w.]+)?: |setting up custom log '[^']*': )+/;

/** The last error of its output, in either form: since 2.11 a JSON line, before a line that begins with "Error:". */
export function refusalOf(output: string): string | null {
  const found = output
    .split("\n")
    .flatMap((line) => plainError(line) ?? loggedError(line) ?? [])
    .at(-1);
  return found === undefined ? null : found.replace(around, "").replace(/^Error: /, "");
}

function plainError(line: string): string | null {
  return /^(?:Error|run|validate): (.*)$/.exec(line)?.[1] ?? null;
}

function loggedError(line: string): string | null {
  if (!line.startsWith("{")) return null;
  try {
    const { level, msg, error } = JSON.parse(line) as { level?: string; msg?: string; error?: string };
    if (level !== "error" || typeof msg !== "string") return null;
    return typeof error === "string" ? `${msg}: ${error}` : msg;
  } catch {
    // No line of its log.
    return null;
  }
}
