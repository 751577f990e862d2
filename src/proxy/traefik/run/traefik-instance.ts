/**
 * Traefik's own files of a private folder, and its words about them.
 */
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { fillAddresses, fillBackends } from "../../instance/address-marks.js";
import { proxyEnvironment } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import type { ProxyInstance } from "../../instance/proxy-instance.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { placeOfWords } from "./place-of-words.js";
import { routesFile, staticFile, type TraefikConfig } from "./template.js";

export interface TraefikInstance
  extends ProxyInstance,
    Pick<RunnableConfig, "ready" | "written" | "routers" | "originals" | "variables"> {
  /** With marks in place of addresses. */
  readonly config: TraefikConfig;
}

/** What Traefik says, a JSON object a line. */
export const logFile = "traefik.log";

/** Fills the addresses in and writes the files that the next Traefik reads. */
export async function writeConfig(instance: TraefikInstance, listenPorts: readonly number[]): Promise<void> {
  const { backend, config } = instance;
  const fill = (text: string): string => fillAddresses(fillBackends(text, backend), { backend, listenPorts });
  await writePrivate(instance, staticFile, fill(config.static));
  await writePrivate(instance, routesFile, fill(config.routes));
}

/** Both files as they stand in the folder, to be shown. */
export async function configText({ prefix }: TraefikInstance): Promise<string> {
  const texts = await Promise.all(
    [staticFile, routesFile].map(async (name) => `# ${name}\n${await readFile(join(prefix, name), "utf8")}`),
  );
  return texts.join("\n");
}

/** In one step: Traefik watches the file, and one that is half written would take its routes away. */
export async function replaceRoutes(instance: TraefikInstance, text: string): Promise<void> {
  const fresh = `${routesFile}.new`;
  await writePrivate(instance, fresh, text);
  await rename(join(instance.prefix, fresh), join(instance.prefix, routesFile));
}

/** Beside a file Traefik reads neither flags nor `TRAEFIK_…` of the environment. */
export const traefikArguments: readonly string[] = [`--configFile=${staticFile}`];

export function instanceEnvironment({ prefix, variables }: TraefikInstance): NodeJS.ProcessEnv {
  return { ...proxyEnvironment(), HOME: prefix, ...Object.fromEntries(variables) };
}

/** Traefik's words about the copy, told of the original, without the secrets of the config and of the requests that they quote. */
export function originalWords({ configName, secrets, originals }: TraefikInstance, words: string): string {
  // In one pass: the user's own file may be called as the copy is.
  const told = words.replace(/\b(?:routes\.yml|traefik\.yml|kept-\d+)\b/g, (name) =>
    name === routesFile || name === staticFile ? configName : (originals.get(name) ?? name),
  );
  return secrets.hide(told);
}

/** What it refuses, with the user's own file and line where it names a thing of the config. */
export function refusalWords(instance: TraefikInstance, words: string): string {
  const { configName, written } = instance;
  const place = written === null ? null : placeOfWords(written, words);
  const told = originalWords(instance, words);
  // The place has the file's name.
  const said = told.startsWith(`${configName}: `) ? told.slice(configName.length + 2) : told;
  return place === null ? told : `${place}: ${said}`;
}
