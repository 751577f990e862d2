/**
 * How the Envoy of a private folder is started, as one process, and by what it is known to be ready.
 */
import { join } from "node:path";
import type { StartSpec } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { refusalOf } from "./check-config.js";
import {
  type EnvoyInstance,
  envoyArguments,
  instanceEnvironment,
  originalWords,
  writeConfig,
} from "./envoy-instance.js";
import { logFile } from "./own-log.js";
import { readEnvoyDiary, shownLines } from "./read-diary.js";

/** Said once the listeners are bound; its workers begin to accept right after it. */
const loaded = /starting main dispatch loop/;

export function envoyStart(instance: EnvoyInstance): StartSpec {
  const lines = (): string[] => readLogLines(join(instance.prefix, logFile));
  const log = (): string[] => shownLines(lines()).map((line) => originalWords(instance, line));
  return {
    title: "Envoy",
    log,
    outputFile: logFile,
    arguments: envoyArguments(instance),
    environment: instanceEnvironment(instance),
    write: async (listenPorts) => void (await writeConfig(instance, listenPorts)),
    isUp: () => lines().some((line) => loaded.test(line)),
    trouble() {
      const words = refusalOf(lines().join("\n"));
      return words === null ? null : originalWords(instance, words);
    },
    portTaken: /Address already in use/i,
    diary: () => readEnvoyDiary(log()),
    // It reads no config again by a signal: only files that it watches itself, or another Envoy in its place.
    reload: null,
  };
}
