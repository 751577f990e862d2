/**
 * Starts the Caddy of a private folder on free ports, and says when it is ready.
 */
import { closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../../base/errors.js";
import { acceptsTcp } from "../../accepts-tcp.js";
import { findFreePorts } from "../../free-port.js";
import { readLogLines } from "../../log/read-log-lines.js";
import { createUsageMeter } from "../../process-usage.js";
import type { ProxyEndpoint, RunningProxy } from "../../proxy.js";
import { type SupervisedChild, superviseChild } from "../../supervised-child.js";
import {
  type CaddyInstance,
  configArguments,
  instanceEnvironment,
  logFile,
  originalWords,
  writeConfig,
} from "./caddy-instance.js";
import { refusalOf } from "./check-config.js";
import { readCaddyDiary } from "./read-diary.js";
import { shownLine } from "./read-log-line.js";
import { reloadCaddy } from "./reload-caddy.js";

interface StartOptions {
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Free ports of loopback, as many as are asked for. */
  readonly choosePorts?: (count: number) => Promise<readonly number[]>;
}

const startLimitMs = 10_000;
const pollMs = 2;
/** A free port can be taken between the look and Caddy's bind; thrice in a row is no accident. */
const attempts = 3;
const portTaken = /address already in use/i;
/** Written once its sockets are bound and its routes are there. */
const loaded = /"serving initial configuration"/;

/** @throws EnvironmentError with Caddy's own words when it does not come up */
export async function startCaddy(
  instance: CaddyInstance,
  { tls, caPem, choosePorts = findFreePorts }: StartOptions,
  signal: AbortSignal,
): Promise<RunningProxy> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const listenPorts = await choosePorts(instance.listenCount);
    const port = listenPorts[0] as number;
    await writeConfig(instance, listenPorts);
    const child = superviseChild(spawnCaddy(instance));
    const trouble = await untilReady(instance, child, port, signal);
    if (trouble === null) return runningCaddy(instance, child, { tls, host: "127.0.0.1", port, caPem });
    await child.stop();
    signal.throwIfAborted();
    if (attempt === attempts || !portTaken.test(trouble)) {
      throw new EnvironmentError(`Cannot start Caddy with ${instance.configName}: ${trouble}`);
    }
  }
}

function spawnCaddy(instance: CaddyInstance): ReturnType<CaddyInstance["guard"]["spawn"]> {
  const file = join(instance.prefix, logFile);
  rmSync(file, { force: true });
  // A file costs our event loop nothing, and Caddy may write to it when we are busy.
  const log = openSync(file, "ax", 0o600);
  try {
    const [command, args] = instance.launch.command(["run", ...configArguments(instance)]);
    return instance.guard.spawn(command, args, {
      stdio: ["ignore", log, log],
      env: instanceEnvironment(instance),
      cwd: instance.prefix,
    });
  } finally {
    closeSync(log);
  }
}

/** @returns null when it has its routes and accepts connections, or in its own words why not */
async function untilReady(
  instance: CaddyInstance,
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
      return lastWords(instance) ?? `it ended at once (${end.signal ?? `exit code ${end.code}`})`;
    // Somebody else may be answering on the port until Caddy says that it serves.
    const isLoaded = readLogLines(join(instance.prefix, logFile)).some((line) => loaded.test(line));
    if (isLoaded && (await acceptsTcp("127.0.0.1", port, 1000))) return null;
    await sleep(pollMs);
  }
  return lastWords(instance) ?? `it accepted no connection within ${startLimitMs / 1000} s`;
}

function lastWords(instance: CaddyInstance): string | null {
  const words = refusalOf(readLogLines(join(instance.prefix, logFile)).join("\n"));
  return words === null ? null : originalWords(instance, words);
}

function runningCaddy(
  instance: CaddyInstance,
  child: SupervisedChild,
  endpoint: ProxyEndpoint,
): RunningProxy {
  const log = (): string[] =>
    readLogLines(join(instance.prefix, logFile)).map((line) => originalWords(instance, shownLine(line)));
  return {
    ...createUsageMeter(child.pid),
    endpoint,
    exited: child.exited,
    log,
    diary: () => readCaddyDiary(log()),
    reload: () => reloadCaddy(instance),
    stop: child.stop,
  };
}
