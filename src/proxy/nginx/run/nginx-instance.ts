/**
 * nginx's own files of a private prefix, and its words about them.
 */
import { join } from "node:path";
import { writePrivate } from "../../instance/private-file.js";
import type { ProxyInstance } from "../../instance/proxy-instance.js";
import type { PrintedConfig } from "../language/print-nginx-config.js";
import { fillMarks } from "./config-marks.js";

export interface NginxInstance extends ProxyInstance {
  /** The user's own files by the name of their copies. */
  readonly originals: ReadonlyMap<string, string>;
  /** With marks in place of addresses. */
  readonly config: PrintedConfig;
  /** Whether worker processes do the work, or the one process does everything itself. */
  readonly hasWorkers: boolean;
}

const configFile = "nginx.conf";
export const errorLogFile = "error.log";
/** At `notice`, whatever level the config's own log has: what becomes of the processes shows there. */
export const noticeLogFile = "notice.log";
export const pidFile = "nginx.pid";

/** Fills the addresses in and writes the config that the next nginx reads. */
export async function writeConfig(instance: NginxInstance, listenPorts: readonly number[]): Promise<string> {
  const text = fillMarks(instance.config.text, { backend: instance.backend, listenPorts });
  await writePrivate(instance, configFile, text);
  return text;
}

/** Arguments that keep nginx to its prefix, whatever paths were compiled into it. */
export function nginxArguments({ prefix, program }: NginxInstance): string[] {
  const early = takesErrorLogFlag(program.version) ? ["-e", errorLogFile] : [];
  return ["-p", `${prefix}/`, "-c", configFile, ...early];
}

/** `-e` came with 1.19.5; before that nginx opens its compiled-in log first, and merely warns when it cannot. */
function takesErrorLogFlag(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return major * 1e6 + minor * 1e3 + patch >= 1_019_005;
}

/**
 * nginx's words about the copy, told of the original: without its prefix, with the user's own file and line, and without
 * the secrets of the config and of the requests that they quote.
 */
export function originalWords(instance: NginxInstance, words: string): string {
  return instance.secrets.hide(placedWords(instance, words));
}

function placedWords({ prefix, config, configName, originals }: NginxInstance, words: string): string {
  if (!words.includes(prefix)) return words;
  const copy = escapeForRegExp(join(prefix, configFile));
  const adopted = config.origins.some((origin) => origin !== null);
  const addedLine = adopted ? `${configName} (a line that wsrally added)` : configName;
  const told = words
    .replace(new RegExp(`${copy}:(\\d+)`, "g"), (_, line: string) => {
      const origin = config.origins[Number(line) - 1] ?? null;
      return origin ? `${origin.file}:${origin.line}` : addedLine;
    })
    .replace(new RegExp(copy, "g"), configName)
    .replaceAll(`${prefix}/`, "");
  return told.replace(/"(kept-\d+)"/g, (quoted, name: string) => {
    const original = originals.get(name);
    return original === undefined ? quoted : `"${original}"`;
  });
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
