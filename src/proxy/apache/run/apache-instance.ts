/**
 * Apache's own files of a private folder, and its words about them.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError } from "../../../base/errors.js";
import { fillAddresses, fillBackends } from "../../instance/address-marks.js";
import { writePrivate } from "../../instance/private-file.js";
import type { ProxyInstance } from "../../instance/proxy-instance.js";
import { modulesMark } from "./template.js";

export interface ApacheInstance extends ProxyInstance {
  /** With marks in place of addresses. */
  readonly text: string;
  readonly modules: string;
}

const configFile = "apache.conf";

/** Beside the program where wsrally fetched it, else where distributions and its own build put them. */
const usualFolders = [
  ...["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"],
  ...["/usr/local/apache2/modules", "/usr/lib/apache2"],
];

/**
 * The folder of its modules.
 * @param prefix where a program that its user cannot reach was copied to, with what lies beside it
 * @throws EnvironmentError where none is found
 */
export function findModules(program: string, prefix: string): string {
  const beside = [join(prefix, "lib"), join(dirname(program), "lib"), join(dirname(program), "../modules")];
  const found = [...beside, ...usualFolders].find((folder) => existsSync(join(folder, "mod_proxy.so")));
  if (found !== undefined) return found;
  throw new EnvironmentError(
    `Cannot run ${program}: its modules (mod_proxy.so) are in none of ${usualFolders.join(", ")}`,
  );
}

/** Fills the addresses in and writes the config that the next Apache reads. */
export async function writeConfig(instance: ApacheInstance, listenPorts: readonly number[]): Promise<string> {
  const { text, backend, modules } = instance;
  const filled = fillAddresses(fillBackends(text, backend), { backend, listenPorts });
  const config = filled.replaceAll(modulesMark, modules);
  await writePrivate(instance, configFile, config);
  return config;
}

export function apacheArguments({ prefix }: ApacheInstance): string[] {
  return ["-d", prefix, "-f", configFile];
}

/** Apache's words about the copy, told of the original, without the secrets of the config and of the requests that they quote. */
export function originalWords({ configName, prefix, secrets }: ApacheInstance, words: string): string {
  return secrets.hide(words.replaceAll(join(prefix, configFile), configName).replaceAll(`${prefix}/`, ""));
}
