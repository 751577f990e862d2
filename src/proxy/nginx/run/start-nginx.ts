/**
 * How the nginx of a private prefix is started, and by what it is known to be ready.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { proxyEnvironment } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { reloadBySignal } from "../../instance/reload-instance.js";
import type { StartSpec } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { isShown, processTree } from "../../process-family.js";
import { refusalLines } from "./check-nginx-config.js";
import {
  errorLogFile,
  type NginxInstance,
  nginxArguments,
  noticeLogFile,
  originalWords,
  pidFile,
  writeConfig,
} from "./nginx-instance.js";
import { readNginxDiary } from "./read-nginx-diary.js";

const title = "nginx";
const outputFile = "stderr.log";

export function nginxStart(instance: NginxInstance): StartSpec {
  const isUp = (pid: number): boolean => wrotePid(instance) && hasWorker(instance, pid);
  const linesOf = (file: string): string[] =>
    readLogLines(join(instance.prefix, file)).map((line) => originalWords(instance, line));
  const trouble = (): string | null =>
    refusalLines([errorLogFile, outputFile].flatMap(linesOf).join("\n")).join("; ") || null;
  const refusals = (): number => linesOf(errorLogFile).filter((line) => line.includes("[emerg]")).length;
  return {
    ...{ title, outputFile, isUp, trouble },
    arguments: nginxArguments(instance),
    // NGINX would be taken for a list of sockets inherited from an older nginx, and is not passed either.
    environment: proxyEnvironment(),
    configure: (listenPorts, backend) => writeConfig({ ...instance, backend }, listenPorts),
    async write(listenPorts) {
      await writeConfig(instance, listenPorts);
      for (const file of [errorLogFile, noticeLogFile]) await writePrivate(instance, file, "");
      // A killed nginx leaves its pid file, which would make the next one look ready.
      await rm(join(instance.prefix, pidFile), { force: true });
    },
    // By number, EADDRINUSE of Linux or macOS: the words differ between C libraries.
    portTaken: /bind\(\) to .* failed \((?:98|48):/,
    isHelper: (commandLine) => /^nginx: cache (?:manager|loader) process/.test(commandLine),
    log: () => linesOf(errorLogFile),
    diary: () => readNginxDiary(linesOf(errorLogFile), linesOf(noticeLogFile)),
    reload: (pid) => reloadBySignal({ title, isUp, trouble, refusals, signal: "SIGHUP", loads: null }, pid),
  };
}

/**
 * nginx writes its pid once its sockets are bound. The kernel accepts for it from then on, a moment before there is a
 * worker, which must be in the first count of usage.
 */
function wrotePid({ prefix }: NginxInstance): boolean {
  return readLogLines(join(prefix, pidFile)).length > 0;
}

/** True at once where nothing is seen of processes, and for an nginx whose one process does everything. */
function hasWorker({ hasWorkers }: NginxInstance, pid: number): boolean {
  return !isShown(pid) || processTree(pid).length > 1 || !hasWorkers;
}
