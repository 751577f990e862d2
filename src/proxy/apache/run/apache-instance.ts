/**
 * Apache's own files of a private folder, and its words about them.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import { fillAddresses, fillBackends } from "../../instance/address-marks.js";
import { writePrivate } from "../../instance/private-file.js";
import type { ProxyInstance } from "../../instance/proxy-instance.js";
import type { PrintedConfig } from "../language/print-config.js";
import { folderMark, modulesMark } from "./template.js";

export interface ApacheInstance extends ProxyInstance {
  /** With marks in place of addresses. */
  readonly config: PrintedConfig;
  readonly modules: string;
  /** The user's own files by the name of their copies. */
  readonly originals: ReadonlyMap<string, string>;
  /** Whether its children are all there from the start, and none is to end. */
  readonly isBuiltIn: boolean;
}

const configFile = "apache.conf";

/** Beside the program where wsrally fetched it, else where distributions and its own build put them. */
const usualFolders = [
  ...["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"],
  ...["/usr/local/apache2/modules", "/usr/lib/apache2"],
];

/**
 * The folder of its modules.
 * @param prefix where a program that its user cannot reach was copied to, with what lies beside it, or null
 * @throws EnvironmentError where none is found
 */
export function findModules(program: string, prefix: string | null): string {
  const copied = prefix === null ? [] : [join(prefix, "lib")];
  const beside = [...copied, join(dirname(program), "lib"), join(dirname(program), "../modules")];
  const found = [...beside, ...usualFolders].find((folder) => existsSync(join(folder, "mod_proxy.so")));
  if (found !== undefined) return found;
  throw new EnvironmentError(
    `Cannot run ${program}: its modules (mod_proxy.so) are in none of ${usualFolders.join(", ")}`,
  );
}

/** Fills the addresses in and writes the config that the next Apache reads. */
export async function writeConfig(instance: ApacheInstance, listenPorts: readonly number[]): Promise<string> {
  const { config, backend, modules, prefix } = instance;
  const filled = fillAddresses(fillBackends(config.text, backend), { backend, listenPorts });
  const text = filled.replaceAll(modulesMark, modules).replaceAll(folderMark, prefix);
  await writePrivate(instance, configFile, text);
  return text;
}

export function apacheArguments({ prefix }: ApacheInstance): string[] {
  return ["-d", prefix, "-f", configFile];
}

/** Apache's words about the copy, told of the original, without the secrets of the config and of the requests that they quote. */
export function originalWords(instance: ApacheInstance, words: string): string {
  const { config, configName, isBuiltIn, originals, prefix, secrets } = instance;
  const told = words
    .replaceAll(`${prefix}/`, "")
    .replaceAll(prefix, configName)
    .replace(/\bapache\.conf(?::(\d+))?|\bkept-\d+\b/g, (name, line?: string) => {
      if (line === undefined) return name === configFile ? configName : (originals.get(name) ?? name);
      const place = config.places[Number(line) - 1] ?? null;
      if (place !== null) return placeWords(place);
      return isBuiltIn ? `${configName}:${line}` : `${configName} (a line that wsrally added)`;
    });
  return secrets.hide(told);
}
