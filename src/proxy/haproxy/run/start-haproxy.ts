/**
 * Starts the HAProxy of a private folder on free ports, as a master with one worker, and says when it is ready.
 */
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../../base/errors.js";
import { acceptsTcp } from "../../accepts-tcp.js";
import { findFreePorts } from "../../free-port.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { readProc } from "../../proc-files.js";
import { processTree } from "../../process-family.js";
import { createUsageMeter } from "../../process-usage.js";
import type { ProxyEndpoint, RunningProxy } from "../../proxy.js";
import { type SupervisedChild, superviseChild } from "../../supervised-child.js";
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

interface StartOptions {
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Free ports of loopback, as many as are asked for. */
  readonly choosePorts?: (count: number) => Promise<readonly number[]>;
}

const startLimitMs = 10_000;
const pollMs = 2;
/** A free port can be taken between the look and HAProxy's bind; thrice in a row is no accident. */
const attempts = 3;
const portTaken = /cannot bind socket/i;
/** Written once the sockets are bound and the worker is there. */
const loaded = /Loading success/;
const failed = /Loading failure/;

/** @throws EnvironmentError with HAProxy's own words when it does not come up */
export async function startHaproxy(
  instance: HaproxyInstance,
  { tls, caPem, choosePorts = findFreePorts }: StartOptions,
  signal: AbortSignal,
): Promise<RunningProxy> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const listenPorts = await choosePorts(instance.listenCount);
    const port = listenPorts[0] as number;
    await writeConfig(instance, listenPorts);
    const child = superviseChild(spawnHaproxy(instance));
    const trouble = await untilReady(instance, child, port, signal);
    if (trouble === null) return runningHaproxy(instance, child, { tls, host: "127.0.0.1", port, caPem });
    await child.stop();
    signal.throwIfAborted();
    if (attempt === attempts || !portTaken.test(trouble)) {
      throw new EnvironmentError(`Cannot start HAProxy with ${instance.configName}: ${trouble}`);
    }
  }
}

function spawnHaproxy(instance: HaproxyInstance): ReturnType<HaproxyInstance["guard"]["spawn"]> {
  const file = join(instance.prefix, logFile);
  rmSync(file, { force: true });
  // A file costs our event loop nothing, and HAProxy may write to it when we are busy.
  const log = openSync(file, "ax", 0o600);
  try {
    const [command, args] = instance.launch.command(["-W", ...haproxyArguments()]);
    return instance.guard.spawn(command, args, {
      stdio: ["ignore", log, log],
      env: instanceEnvironment(instance),
      cwd: instance.prefix,
    });
  } finally {
    closeSync(log);
  }
}

/** @returns null when it accepts connections and has a worker to serve them, or in its own words why not */
async function untilReady(
  instance: HaproxyInstance,
  child: SupervisedChild,
  port: number,
  signal: AbortSignal,
): Promise<string | null> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline && !signal.aborted) {
    const startError = child.startError();
    if (startError !== null) return startError.message;
    const end = child.ended();
    if (end !== null)
      return alertWords(instance) ?? `it ended at once (${end.signal ?? `exit code ${end.code}`})`;
    // Somebody else may be answering on the port until HAProxy says that it is loaded.
    const isLoaded = linesOf(instance).some((line) => loaded.test(line));
    if (isLoaded && hasWorker(child) && (await acceptsTcp("127.0.0.1", port, 1000))) return null;
    await sleep(pollMs);
  }
  return alertWords(instance) ?? `it accepted no connection within ${startLimitMs / 1000} s`;
}

/** True at once off Linux, where nothing is read of processes. */
function hasWorker({ pid }: SupervisedChild): boolean {
  if (pid === null || process.platform !== "linux") return true;
  return processTree(pid).length > 1 && hearsReload(pid);
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

function linesOf({ prefix }: HaproxyInstance): string[] {
  return readLogLines(join(prefix, logFile));
}

function alertWords(instance: HaproxyInstance): string | null {
  const alerts = alertsOf(linesOf(instance).join("\n"));
  return alerts.length === 0 ? null : originalWords(instance, alerts.join("; "));
}

function runningHaproxy(
  instance: HaproxyInstance,
  child: SupervisedChild,
  endpoint: ProxyEndpoint,
): RunningProxy {
  const log = (): string[] => linesOf(instance).map((line) => originalWords(instance, line));
  return {
    ...createUsageMeter(child.pid),
    endpoint,
    exited: child.exited,
    log,
    diary: () => readHaproxyDiary(log()),
    reload: () => reloadHaproxy(instance, child),
    stop: child.stop,
  };
}

/**
 * By the master, which reads the config again and starts a worker that takes the sockets over; the old one keeps its
 * connections.
 * @throws EnvironmentError when no new worker comes
 */
async function reloadHaproxy(instance: HaproxyInstance, child: SupervisedChild): Promise<void> {
  const { pid } = child;
  if (pid === null) return;
  const count = (pattern: RegExp): number => linesOf(instance).filter((line) => pattern.test(line)).length;
  const [successes, failures] = [count(loaded), count(failed)];
  const before = new Set(processTree(pid));
  process.kill(pid, "SIGUSR2");
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    if (count(failed) > failures)
      throw new EnvironmentError(`HAProxy refuses its config at the reload: ${alertWords(instance) ?? ""}`);
    const isNew = processTree(pid).some((worker) => !before.has(worker));
    if (count(loaded) > successes && (isNew || process.platform !== "linux") && hasWorker(child)) return;
    await sleep(pollMs);
  }
  throw new EnvironmentError(`HAProxy started no new worker within ${startLimitMs / 1000} s of its reload`);
}
