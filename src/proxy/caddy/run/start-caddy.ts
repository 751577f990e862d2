/**
 * How the Caddy of a private folder is started, as one process, and by what it is known to be ready.
 */
import { join } from "node:path";
import type { StartSpec } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import {
  type CaddyInstance,
  configArguments,
  instanceEnvironment,
  logFile,
  originalWords,
  writeConfig,
} from "./caddy-instance.js";
import { refusalOf } from "./check-config.js";
import { readCaddyDiary, toldLines } from "./read-diary.js";
import { reloadCaddy } from "./reload-caddy.js";

/** Written once its sockets are bound and its routes are there. */
const loaded = /"serving initial configuration"/;

export function caddyStart(instance: CaddyInstance): StartSpec {
  const lines = (): string[] => readLogLines(join(instance.prefix, logFile));
  const log = (): string[] => toldLines(lines()).map((line) => originalWords(instance, line));
  return {
    title: "Caddy",
    log,
    outputFile: logFile,
    arguments: ["run", ...configArguments(instance)],
    environment: instanceEnvironment(instance),
    configure: (listenPorts, backend) => writeConfig({ ...instance, backend }, listenPorts),
    write: async (listenPorts) => void (await writeConfig(instance, listenPorts)),
    isUp: () => lines().some((line) => loaded.test(line)),
    trouble() {
      const words = refusalOf(lines().join("\n"));
      return words === null ? null : originalWords(instance, words);
    },
    portTaken: /address already in use/i,
    diary: () => readCaddyDiary(log()),
    reload: (_, config) => reloadCaddy(instance, config),
  };
}
