/**
 * HAProxy's own files of a private folder, and its words about them.
 */
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import { proxyEnvironment } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import type { ProxyInstance } from "../../instance/proxy-instance.js";
import { type ConfigTree, isProxy } from "../language/config-tree.js";
import type { PrintedConfig } from "../language/print-config.js";
import { fillMarks } from "./config-marks.js";

export interface HaproxyInstance extends ProxyInstance {
  readonly tree: ConfigTree;
  /** It as text, with marks in place of addresses. */
  readonly config: PrintedConfig;
  /** What a user's own config asks of the environment. */
  readonly variables: ReadonlyMap<string, string>;
  /** The user's own files by the name of their copies. */
  readonly originals: ReadonlyMap<string, string>;
}

const configFile = "haproxy.cfg";
/** What HAProxy says of itself on stderr and of its connections on stdout, in the order in which it said it. */
export const logFile = "haproxy.log";

/** Fills the addresses in and writes the config that the next HAProxy reads. */
export async function writeConfig(
  instance: HaproxyInstance,
  listenPorts: readonly number[],
): Promise<string> {
  const text = fillMarks(instance.config.text, { backend: instance.backend, listenPorts });
  await writePrivate(instance, configFile, text);
  return text;
}

export function haproxyArguments(): string[] {
  return ["-L", "wsrally", "-f", configFile];
}

export function instanceEnvironment({ variables }: HaproxyInstance): NodeJS.ProcessEnv {
  return { ...proxyEnvironment(), ...Object.fromEntries(variables) };
}

/**
 * HAProxy's words about the copy, told of the original: with the user's own file and line, and files by their names, and
 * without the secrets of the config and of the requests that they quote.
 */
export function originalWords(
  { config, configName, originals, secrets, tree }: HaproxyInstance,
  words: string,
): string {
  const adopted = originals.size > 0 || config.places.some((one) => one !== null);
  // In one pass: the user's own file may be called as the copy is.
  const told = words.replace(/haproxy\.cfg(?::(\d+))?|\bkept-\d+\b/g, (name, line?: string) => {
    if (line === undefined) return name === configFile ? configName : (originals.get(name) ?? name);
    const place: Place | null = config.places[Number(line) - 1] ?? null;
    if (place !== null) return placeWords(place);
    return adopted ? `${configName} (a line that wsrally added)` : `${configName}:${line}`;
  });
  return secrets.hide(`${placeOf(words, tree)}${told}`);
}

/** HAProxy tells of what a section refers to by the section's name alone: "Proxy 'web': unable to find … 'socket'." */
function placeOf(words: string, tree: ConfigTree): string {
  const [, name, rest = ""] = /^[Pp]roxy '([^']+)':? (.*)$/s.exec(words) ?? [];
  if (name === undefined || words.includes(configFile)) return "";
  const section = tree.find((one) => isProxy(one) && one.name === name);
  const said = [...rest.matchAll(/'([^']+)'/g)].map(([, word]) => word);
  const line = section?.lines.find(({ args }) => args.some((word) => said.includes(word)));
  const place = line?.place ?? section?.place ?? null;
  return place === null ? "" : `${placeWords(place)}: `;
}
