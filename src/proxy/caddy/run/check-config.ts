/**
 * Asks Caddy itself whether a config is good (`caddy validate`), always of the copy in the private folder: of a config as
 * it is written it would open log files, connect to log servers and write keys.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import { findFreePorts } from "../../free-port.js";
import { runProgram } from "../../run-program.js";
import {
  type CaddyInstance,
  configArguments,
  instanceEnvironment,
  originalWords,
  writeConfig,
} from "./caddy-instance.js";

const checkLimitMs = 30_000;

/**
 * @returns the config's text as it was checked, addresses filled in
 * @throws ConfigRefusedError with Caddy's own words and the user's own file and line
 */
export async function checkConfig(instance: CaddyInstance, signal: AbortSignal): Promise<string> {
  const text = await writeConfig(instance, await findFreePorts(instance.listenCount));
  const [file, args] = instance.launch.command(["validate", ...configArguments(instance)]);
  const result = await runProgram(file, args, {
    timeoutMs: checkLimitMs,
    signal,
    env: instanceEnvironment(instance),
    cwd: instance.prefix,
  });
  if (result.exitCode === 0) return text;
  const words = refusalOf(result.stderr) ?? `caddy validate ended with ${result.exitCode}`;
  throw new ConfigRefusedError("Caddy", instance.configName, originalWords(instance, words));
}

/** What is said around the reason, and tells nothing: "adapting config using caddyfile: ", "loading new config: ". */
const around =
  /^(?:loading (?:initial|new) config: |loading config: |adapting config(?: using [\w.]+)?: |setting up custom log '[^']*': )+/;

/** The last error of its output, in either form: since 2.11 a JSON line, before a line that begins with "Error:". */
export function refusalOf(stderr: string): string | null {
  const found = stderr
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
