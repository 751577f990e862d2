/**
 * How the HAProxy of a private folder is started, as a master with one worker, and by what it is known to be ready.
 */
import { join } from "node:path";
import { reloadBySignal } from "../../instance/reload-instance.js";
import type { StartSpec } from "../../instance/start-instance.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { readProc } from "../../proc-files.js";
import { isShown, processTree } from "../../process-family.js";
import { alertsOf } from "./check-config.js";
import {
  type HaproxyInstance,
  haproxyArguments,
  instanceEnvironment,
  logFile,
  originalWords,
  writeConfig,
} from "./haproxy-instance.js";
import { readHaproxyDiary } from "./read-diary.js";

const title = "HAProxy";
/** Written once the sockets are bound and the worker is there. */
const loaded = /Loading success/;
const failed = /Loading failure/;

export function haproxyStart(
  instance: HaproxyInstance,
): StartSpec & { readonly reload: (pid: number) => Promise<void> } {
  const lines = (): string[] => readLogLines(join(instance.prefix, logFile));
  const log = (): string[] => lines().map((line) => originalWords(instance, line));
  const count = (pattern: RegExp): number => lines().filter((line) => pattern.test(line)).length;
  const loads = (): number => count(loaded);
  const refusals = (): number => count(failed);
  const isUp = (pid: number): boolean => loads() > 0 && hasWorker(pid);
  const trouble = (): string | null =>
    alertsOf(lines().join("\n"))
      .map((alert) => originalWords(instance, alert))
      .join("; ") || null;
  return {
    ...{ title, log, isUp, trouble },
    outputFile: logFile,
    arguments: ["-W", ...haproxyArguments()],
    environment: instanceEnvironment(instance),
    configure: (listenPorts, backend) => writeConfig({ ...instance, backend }, listenPorts),
    write: async (listenPorts) => void (await writeConfig(instance, listenPorts)),
    portTaken: /cannot bind socket/i,
    diary: () => readHaproxyDiary(log()),
    // By the master, which reads the config again and starts a worker that takes the sockets over; the old one keeps its
    // connections.
    reload: (pid) => reloadBySignal({ title, isUp, trouble, loads, refusals, signal: "SIGUSR2" }, pid),
  };
}

/** True at once where nothing is seen of processes. */
function hasWorker(pid: number): boolean {
  return !isShown(pid) || (processTree(pid).length > 1 && hearsReload(pid));
}

/** SIGUSR2, as a bit of the masks in proc_pid_status(5). */
const reloadBit = 1n << 11n;

/** A master that says it is loaded still ignores the signal for a moment, and one that came meanwhile is lost. */
function hearsReload(pid: number): boolean {
  const status = readProc(`${pid}/status`) ?? "";
  const mask = (name: string): bigint =>
    BigInt(`0x${new RegExp(`^${name}:\\s*(\\w+)$`, "m").exec(status)?.[1] ?? "0"}`);
  return (mask("SigCgt") & reloadBit) !== 0n && (mask("SigBlk") & reloadBit) === 0n;
}
