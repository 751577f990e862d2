/**
 * How the Envoy of a private folder is started, as one process, and by what it is known to be ready.
 */
import { join } from "node:path";
import type { Replacement } from "../../instance/replaceable-instance.js";
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
import { envoyReplacement } from "./replace-envoy.js";

/** How it is started, and how another takes its place. */
interface EnvoyStart {
  readonly start: StartSpec;
  readonly replacement: Replacement;
}

/** Said once the listeners are bound; its workers begin to accept right after it. */
const loaded = /starting main dispatch loop/;

export function envoyStart(instance: EnvoyInstance): EnvoyStart {
  const lines = (): string[] => readLogLines(join(instance.prefix, logFile));
  const log = (): string[] => shownLines(lines()).map((line) => originalWords(instance, line));
  const trouble = (): string | null => {
    const words = refusalOf(lines().join("\n"));
    return words === null ? null : originalWords(instance, words);
  };
  const starts = (): number => lines().filter((line) => loaded.test(line)).length;
  const start: StartSpec = {
    title: "Envoy",
    log,
    outputFile: logFile,
    arguments: envoyArguments(instance),
    environment: instanceEnvironment(instance),
    configure: (listenPorts, backend) => writeConfig({ ...instance, backend }, listenPorts),
    write: async (listenPorts) => void (await writeConfig(instance, listenPorts)),
    isUp: () => starts() > 0,
    trouble,
    portTaken: /Address already in use/i,
    diary: () => readEnvoyDiary(log()),
    // It reads no config again by a signal: only files that it watches itself, or another Envoy in its place.
    reload: null,
  };
  const refusals = (): number => lines().filter((line) => line.startsWith("[critical]")).length;
  return { start, replacement: envoyReplacement(instance, { starts, refusals, trouble }) };
}
