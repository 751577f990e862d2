/**
 * How the Traefik of a private folder is started, as one process, and by what it is known to be ready: it listens before it
 * has its routes, and answers 404 till then.
 */

import { join } from "node:path";
import { facingOf } from "../../instance/address-marks.js";
import type { StartSpec } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { answersOk } from "./answers-ok.js";
import { readTraefikDiary, toldLines } from "./read-diary.js";
import { receivedRoutes, refusalsOf } from "./read-log-line.js";
import { reloadTraefik } from "./reload-traefik.js";
import { readyPath } from "./template.js";
import {
  instanceEnvironment,
  logFile,
  originalWords,
  refusalWords,
  type TraefikInstance,
  traefikArguments,
  writeConfig,
} from "./traefik-instance.js";

export function traefikStart(instance: TraefikInstance): StartSpec {
  const { ready, routers } = instance;
  /** Where this start is asked whether its routes are in force. */
  let readyPort = 0;
  const lines = (): string[] => readLogLines(join(instance.prefix, logFile));
  const log = (): string[] => toldLines(lines()).map((line) => originalWords(instance, line));
  const refusals = (): string[] => refusalsOf(lines(), routers).map((words) => refusalWords(instance, words));
  const reads = (): number => lines().filter((line) => receivedRoutes(line) !== null).length;
  return {
    title: "Traefik",
    log,
    outputFile: logFile,
    arguments: traefikArguments,
    environment: instanceEnvironment(instance),
    configure: (listenPorts, backend) => writeConfig({ ...instance, backend }, listenPorts),
    async write(listenPorts) {
      readyPort = listenPorts[ready.listen] as number;
      await writeConfig(instance, listenPorts);
    },
    // Its sockets are bound by then, or it has ended.
    isUp: () => reads() > 0,
    serves: () =>
      answersOk({ host: facingOf(instance.backend), port: readyPort, tls: ready.tls, path: readyPath(1) }),
    trouble: () => refusals().at(-1) ?? null,
    portTaken: /address already in use/i,
    // It goes on without the routes, or the router, that it refuses.
    hopeless: /./,
    diary: () => readTraefikDiary(log()),
    reload: (_pid, config) => reloadTraefik(instance, config, { refusals, reads, port: readyPort }),
  };
}
