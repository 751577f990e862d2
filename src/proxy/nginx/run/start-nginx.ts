/**
 * Starts the nginx of a private prefix on free ports, and says when it is ready.
 */
import { closeSync, openSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../../base/errors.js";
import { acceptsTcp } from "../../accepts-tcp.js";
import { findFreePorts } from "../../free-port.js";
import { proxyEnvironment } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { processTree } from "../../process-family.js";
import { createUsageMeter } from "../../process-usage.js";
import type { ProxyEndpoint, RunningProxy } from "../../proxy.js";
import { type SupervisedChild, superviseChild } from "../../supervised-child.js";
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

interface StartOptions {
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Free ports of loopback, as many as are asked for. */
  readonly choosePorts?: (count: number) => Promise<readonly number[]>;
}

const startLimitMs = 10_000;
const pollMs = 2;
/** A free port can be taken between the look and nginx's bind; thrice in a row is no accident. */
const attempts = 3;
/** By number, EADDRINUSE of Linux or macOS: the words differ between C libraries. */
const portTaken = /bind\(\) to .* failed \((?:98|48):/;

/** @throws EnvironmentError with nginx's own words when it does not come up */
export async function startNginx(
  instance: NginxInstance,
  { tls, caPem, choosePorts = findFreePorts }: StartOptions,
  signal: AbortSignal,
): Promise<RunningProxy> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const listenPorts = await choosePorts(instance.listenCount);
    await prepareFiles(instance, listenPorts);
    const child = superviseChild(spawnNginx(instance));
    const trouble = await untilReady(instance, child, listenPorts[0] as number, signal);
    if (trouble === null) {
      return runningNginx(instance, child, { tls, host: "127.0.0.1", port: listenPorts[0] as number, caPem });
    }
    await child.stop();
    signal.throwIfAborted();
    if (attempt === attempts || !portTaken.test(trouble)) {
      throw new EnvironmentError(`Cannot start nginx with ${instance.configName}: ${trouble}`);
    }
  }
}

async function prepareFiles(instance: NginxInstance, listenPorts: readonly number[]): Promise<void> {
  await writeConfig(instance, listenPorts);
  for (const file of [errorLogFile, noticeLogFile]) await writePrivate(instance, file, "");
  // A killed nginx leaves its pid file, which would make the next one look ready.
  await rm(join(instance.prefix, pidFile), { force: true });
}

function spawnNginx(instance: NginxInstance): ReturnType<NginxInstance["guard"]["spawn"]> {
  // A file costs our event loop nothing, and nginx may write to it when we are busy.
  const stderr = openPrivate(join(instance.prefix, stderrFile));
  try {
    const [file, args] = instance.launch.command(nginxArguments(instance));
    return instance.guard.spawn(file, args, {
      stdio: ["ignore", "ignore", stderr],
      // NGINX would be taken for a list of sockets inherited from an older nginx, and is not passed either.
      env: proxyEnvironment(),
    });
  } finally {
    closeSync(stderr);
  }
}

/** Afresh: nothing that nginx's user may have put there is followed. */
function openPrivate(file: string): number {
  rmSync(file, { force: true });
  return openSync(file, "wx", 0o600);
}

const stderrFile = "stderr.log";

/** @returns null when nginx accepts connections and has a worker to serve them, or in its own words why not */
async function untilReady(
  instance: NginxInstance,
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
      return startTrouble(instance) ?? `it ended at once (${end.signal ?? `exit code ${end.code}`})`;
    // nginx writes its pid once its sockets are bound: before that, somebody else may be answering on the port. The
    // kernel accepts for it from then on, a moment before there is a worker, which must be in the first count of usage.
    if (wrotePid(instance) && hasWorker(instance, child) && (await acceptsTcp("127.0.0.1", port, 1000)))
      return null;
    // nginx waits half a second between its tries to bind, five times; there is no need to wait with it.
    const trouble = startTrouble(instance);
    if (trouble !== null && portTaken.test(trouble)) return trouble;
    await sleep(pollMs);
  }
  return startTrouble(instance) ?? `it accepted no connection within ${startLimitMs / 1000} s`;
}

function wrotePid({ prefix }: NginxInstance): boolean {
  return readLogLines(join(prefix, pidFile)).length > 0;
}

/** True at once off Linux, where nothing is read of processes, and for an nginx whose one process does everything. */
function hasWorker({ hasWorkers }: NginxInstance, { pid }: SupervisedChild): boolean {
  if (pid === null || process.platform !== "linux") return true;
  return processTree(pid).length > 1 || !hasWorkers;
}

function startTrouble(instance: NginxInstance): string | null {
  const written = [errorLogFile, stderrFile].flatMap((file) => readLogLines(join(instance.prefix, file)));
  const lines = refusalLines(written.join("\n"));
  return lines.length === 0 ? null : originalWords(instance, lines.join("; "));
}

function runningNginx(
  instance: NginxInstance,
  child: SupervisedChild,
  endpoint: ProxyEndpoint,
): RunningProxy {
  const linesOf = (file: string): string[] =>
    readLogLines(join(instance.prefix, file)).map((line) => originalWords(instance, line));
  return {
    ...createUsageMeter(child.pid),
    endpoint,
    exited: child.exited,
    log: () => linesOf(errorLogFile),
    diary: () => readNginxDiary(linesOf(errorLogFile), linesOf(noticeLogFile)),
    reload: () => reloadNginx(child),
    stop: child.stop,
  };
}

/** @throws EnvironmentError when no new worker comes */
async function reloadNginx({ pid }: SupervisedChild): Promise<void> {
  if (pid === null) return;
  const before = new Set(processTree(pid));
  process.kill(pid, "SIGHUP");
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    if (processTree(pid).some((worker) => !before.has(worker))) return;
    await sleep(pollMs);
  }
  throw new EnvironmentError(`nginx started no new worker within ${startLimitMs / 1000} s of its reload`);
}
