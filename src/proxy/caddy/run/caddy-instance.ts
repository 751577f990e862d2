/**
 * Caddy's own files of a private folder, and its words about them.
 */
import { join } from "node:path";
import { proxyEnvironment } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import type { ProxyInstance } from "../../instance/proxy-instance.js";
import { fillMarks } from "./config-marks.js";

export interface CaddyInstance extends ProxyInstance {
  readonly language: ConfigLanguage;
  /** With marks in place of addresses. */
  readonly text: string;
  /** What is set for Go's runtime, and what a user's own config asks of the environment. */
  readonly variables: ReadonlyMap<string, string>;
  /** Caddy's words about the copy, told of the original. */
  readonly translate: (words: string) => string;
}

/** What the copy is written in. */
export type ConfigLanguage = "caddyfile" | "json";

/** What Caddy says, a JSON object a line. */
export const logFile = "caddy.log";

export function configFileOf({ language }: CaddyInstance): string {
  return language === "json" ? "caddy.json" : "Caddyfile";
}

/** Fills the addresses in and writes the config that the next Caddy reads. */
export async function writeConfig(instance: CaddyInstance, listenPorts: readonly number[]): Promise<string> {
  const text = fillMarks(instance.text, { backend: instance.backend, listenPorts });
  await writePrivate(instance, configFileOf(instance), text);
  return text;
}

export function configArguments(instance: CaddyInstance): string[] {
  const adapter = instance.language === "caddyfile" ? ["--adapter", "caddyfile"] : [];
  return ["--config", configFileOf(instance), ...adapter];
}

/** Everything that Caddy keeps, certificates and copies of its config, goes below the private folder. */
export function instanceEnvironment({ prefix, variables }: CaddyInstance): NodeJS.ProcessEnv {
  return { ...privateEnvironment(prefix), ...Object.fromEntries(variables) };
}

export function privateEnvironment(prefix: string): NodeJS.ProcessEnv {
  const home = join(prefix, "home");
  return { ...proxyEnvironment(), HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
}

/** Without the secrets of the config and of the requests that they quote. */
export function originalWords({ secrets, translate }: CaddyInstance, words: string): string {
  return secrets.hide(translate(words));
}
