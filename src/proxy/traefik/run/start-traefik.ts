/**
 * How the Traefik of a private folder is started, as one process, and by what it is known to be ready: it listens before it
 * has its routes, and answers 404 till then.
 */
import { join } from "node:path";
import type { StartSpec } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { answersOk } from "./answers-ok.js";
import { readTraefikDiary, toldLines } from "./read-diary.js";
import { receivedRoutes, refusalOf } from "./read-log-line.js";
import { reloadTraefik } from "./reload-traefik.js";
import { readyPath } from "./template.js";
import {
  instanceEnvironment,
  logFile,
  originalWords,
  type TraefikInstance,
  traefikArguments,
  writeConfig,
} from "./traefik-instance.js";

export function traefikStart(instance: TraefikInstance): StartSpec {
  const lines = (): string[] => readLogLines(join(instance.prefix, logFile));
  const log = (): string[] => toldLines(lines()).map((line) => originalWords(instance, line));
  const trouble = (): string | null => {
    const words = refusalOf(lines());
    return words === null ? null : originalWords(instance, words);
  };
  const reads = (): number => lines().filter((line) => receivedRoutes(line) !== null).length;
  return {
    title: "Traefik",
    log,
    outputFile: logFile,
    arguments: traefikArguments,
    environment: instanceEnvironment(instance),
    write: (listenPorts) => writeConfig(instance, listenPorts),
    // Its sockets are bound by then, or it has ended.
    isUp: () => reads() > 0,
    serves: (port) => answersOk({ port, tls: instance.tls, path: readyPath(1) }),
    trouble,
    portTaken: /address already in use/i,
    // It goes on without the routes, or the router, that it refuses.
    hopeless: /./,
    diary: () => readTraefikDiary(log()),
    reload: (_pid, config) => reloadTraefik(instance, config, { trouble, reads }),
  };
}
