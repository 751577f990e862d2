/**
 * Envoy's own files of a private folder, and its words about them.
 */
import { proxyEnvironment } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import type { ProxyInstance } from "../../instance/proxy-instance.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { placeOfWords } from "../language/field-path.js";
import { printConfig } from "../language/print-config.js";
import { fillMarks } from "./config-marks.js";

export interface EnvoyInstance extends ProxyInstance {
  /** With marks in place of addresses. */
  readonly tree: ConfigMap;
  /** Worker threads; null for as many as the processors that it is given. */
  readonly concurrency: number | null;
  /** Options of the command line that say how long a hot restart takes; none for Envoy's own. */
  readonly handOver: readonly string[];
  /** Whether somebody waits for each line of its log. */
  readonly isWatched: boolean;
  /** What a user's own config asks of the environment. */
  readonly variables: ReadonlyMap<string, string>;
  /** The user's own files by the name of their copies. */
  readonly originals: ReadonlyMap<string, string>;
}

const configFile = "envoy.json";

/** Fills the addresses in and writes the config that the next Envoy reads. */
export async function writeConfig(instance: EnvoyInstance, listenPorts: readonly number[]): Promise<string> {
  const text = fillMarks(printConfig(instance.tree), { backend: instance.backend, listenPorts });
  await writePrivate(instance, configFile, text);
  return text;
}

/** Without the shared memory by which two Envoys hand sockets over: nothing is left of it in /dev/shm. */
export function envoyArguments(instance: EnvoyInstance): string[] {
  return ["--disable-hot-restart", ...commonArguments(instance)];
}

/** For one that another is to take the place of. */
export function hotRestartArguments(instance: EnvoyInstance): string[] {
  return [...commonArguments(instance), ...instance.handOver];
}

function commonArguments({ concurrency, isWatched }: EnvoyInstance): string[] {
  return [
    ...["-c", configFile, "--file-flush-interval-msec", isWatched ? "10" : "200"],
    ...["--log-format", "[%l][%n] %v", "--log-level", "warning", "--component-log-level", "main:info"],
    ...(concurrency === null ? [] : ["--concurrency", String(concurrency)]),
  ];
}

export function instanceEnvironment({ variables }: EnvoyInstance): NodeJS.ProcessEnv {
  return { ...proxyEnvironment(), ...Object.fromEntries(variables) };
}

/**
 * Envoy's words about the copy, told of the original: with the user's own file and line where they name a field, files by
 * their names, and without the secrets of the config and of the requests that they quote.
 */
export function originalWords(instance: EnvoyInstance, words: string): string {
  const { configName, originals, secrets, tree } = instance;
  // In one pass: the user's own file may be called as the copy is.
  const told = words.replace(/envoy\.json|\bkept-\d+\b/g, (name) =>
    name === configFile ? configName : (originals.get(name) ?? name),
  );
  const place = words.startsWith("[access]") ? null : placeOfWords(tree, words);
  return secrets.hide(place === null ? told : `${place}: ${told}`);
}
