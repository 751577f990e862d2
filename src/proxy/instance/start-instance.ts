/**
 * Starts the proxy of a private folder on free ports, and says when it is ready.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../base/errors.js";
import { acceptsTcp } from "../accepts-tcp.js";
import { findFreePorts } from "../free-port.js";
import { isOfCgroup } from "../process-family.js";
import { createUsageMeter } from "../process-usage.js";
import type { BackendAddress, HostPort, PreparedProxy, RunningProxy } from "../proxy.js";
import type { SupervisedChild } from "../supervised-child.js";
import { facingOf } from "./address-marks.js";
import type { ProxyInstance } from "./proxy-instance.js";
import { type ProxyChild, spawnProxy } from "./spawn-proxy.js";

/** What every kind of proxy does in its own way. */
export interface StartSpec extends Pick<RunningProxy, "log" | "diary"> {
  /** As sentences call it: "HAProxy". */
  readonly title: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Of the private folder: what the proxy writes to its standard output and error. */
  readonly outputFile: string;
  /** Writes what the proxy will read, and clears away what the one before it has left. */
  write(listenPorts: readonly number[]): Promise<void>;
  /** Writes the config alone, for another backend: what a running proxy finds at its next reload. */
  configure(listenPorts: readonly number[], backend: BackendAddress): Promise<unknown>;
  /**
   * Whether it has told that its sockets are bound, and that who serves them is there: till then somebody else may be
   * answering on the port.
   */
  isUp(pid: number): boolean;
  /** Whether one of its processes with this command line carries no connections; left out for none. */
  readonly isHelper?: (title: string) => boolean;
  /** Whether it serves what it is configured to, where that comes later than its sockets. */
  readonly serves?: (port: number) => Promise<boolean>;
  /** Why it does not come up, in its own words so far; null where it has none. */
  trouble(): string | null;
  /** Such words when the port was taken, which is nobody's fault. */
  readonly portTaken: RegExp;
  /** Words after which it will never serve, or not all of its config, though it does not end. */
  readonly hopeless?: RegExp;
  /** Whether it is told by lines on its standard input. */
  readonly hears?: boolean;
  /** Whether what is started only keeps the proxy's processes together, and is none of them. */
  readonly isScattered?: boolean;
  /** Another takes its place, as `RunningProxy.replace` has it. */
  readonly replace?: (
    child: Pick<SupervisedChild, "tell">,
    pid: number,
    program: string | null,
  ) => Promise<void>;
  /** Makes it read its config again, as `RunningProxy.reload` has it. @throws EnvironmentError when it refuses the config, or no new worker comes */
  readonly reload: ((pid: number, config: "changed" | "same") => Promise<void>) | null;
}

interface StartOptions {
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Free ports of loopback, as many as are asked for. */
  readonly choosePorts?: (count: number) => Promise<readonly number[]>;
}

export const startLimitMs = 10_000;
export const pollMs = 2;
/** A free port can be taken between the look and the proxy's bind; thrice in a row is no accident. */
const attempts = 3;

/** The two ways to start a prepared proxy. */
export function startsOf(
  instance: ProxyInstance,
  spec: StartSpec,
  options: StartOptions,
): Required<Pick<PreparedProxy, "start" | "startAt">> {
  return {
    start: (signal) => startInstance(instance, spec, options, signal),
    startAt: (signal, port) => {
      const choosePorts = async (count: number) => [port, ...(await findFreePorts(count - 1))];
      return startInstance(instance, spec, { ...options, choosePorts }, signal);
    },
  };
}

/**
 * For a proxy that cannot be asked whether a config is good: runs it till it is ready.
 * @returns null, or in its own words why it does not come up
 */
export async function tryStart(
  instance: ProxyInstance,
  spec: StartSpec,
  signal: AbortSignal,
): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    const listenPorts = await findFreePorts(instance.listenCount);
    await spec.write(listenPorts);
    const child = spawnProxy(instance, spec);
    const trouble = await untilReady(
      spec,
      child,
      { host: facingOf(instance.backend), port: listenPorts[0] as number },
      signal,
    );
    await child.stop();
    signal.throwIfAborted();
    if (trouble === null || attempt === attempts || !spec.portTaken.test(trouble)) return trouble;
  }
}

/** @throws EnvironmentError with the proxy's own words when it does not come up */
export async function startInstance(
  instance: ProxyInstance,
  spec: StartSpec,
  { tls, caPem, choosePorts = findFreePorts }: StartOptions,
  signal: AbortSignal,
): Promise<RunningProxy> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const listenPorts = await choosePorts(instance.listenCount);
    const port = listenPorts[0] as number;
    const host = facingOf(instance.backend);
    await spec.write(listenPorts);
    const child = spawnProxy(instance, spec);
    const trouble = await untilReady(spec, child, { host, port }, signal);
    if (trouble === null) return running(spec, child, { tls, host, port, caPem }, listenPorts);
    await child.stop();
    signal.throwIfAborted();
    if (attempt === attempts || !spec.portTaken.test(trouble)) {
      throw new EnvironmentError(`Cannot start ${spec.title} with ${instance.configName}: ${trouble}`);
    }
  }
}

/** @returns null when it accepts connections and has a worker to serve them, or in its own words why not */
async function untilReady(
  spec: StartSpec,
  child: ProxyChild,
  at: HostPort,
  signal: AbortSignal,
): Promise<string | null> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline && !signal.aborted) {
    const startError = child.startError();
    if (startError !== null) return startError.message;
    const end = child.ended();
    if (end !== null)
      return (
        spec.trouble() ?? child.lastWords() ?? `it ended at once (${end.signal ?? `exit code ${end.code}`})`
      );
    const pid = await child.mainPid();
    const isReady = pid !== null && (await isServing(spec, pid, at));
    const trouble = spec.trouble();
    if (trouble !== null && spec.hopeless?.test(trouble)) return trouble;
    if (isReady) return null;
    // A proxy may try for seconds to bind a port that is taken; there is no need to wait with it.
    if (trouble !== null && spec.portTaken.test(trouble)) return trouble;
    await sleep(pollMs);
  }
  return spec.trouble() ?? `it accepted no connection within ${startLimitMs / 1000} s`;
}

async function isServing(
  { isUp, serves }: StartSpec,
  pid: number,
  { host, port }: HostPort,
): Promise<boolean> {
  return isUp(pid) && (await acceptsTcp(host, port, 1000)) && ((await serves?.(port)) ?? true);
}

async function running(
  { log, diary, reload, replace, configure, isHelper, isScattered }: StartSpec,
  child: ProxyChild,
  endpoint: RunningProxy["endpoint"],
  listenPorts: readonly number[],
): Promise<RunningProxy> {
  const { exited, stop, isContained } = child;
  // None where nothing of it can be seen from here.
  const pid = (await child.mainPid()) || null;
  const isKin = isContained && pid !== null ? isOfCgroup(pid) : undefined;
  return {
    ...createUsageMeter(pid, isHelper, { isScattered, isKin }),
    ...{ endpoint, exited, log, diary, stop },
    // It stays where clients reach it.
    pointTo: async (backend) => void (await configure(listenPorts, { facing: endpoint.host, ...backend })),
    ...(reload === null
      ? {}
      : {
          reload: async (config = "changed" as const) => (pid === null ? undefined : reload(pid, config)),
        }),
    ...(replace === undefined
      ? {}
      : { replace: async (program) => (pid === null ? undefined : replace(child, pid, program)) }),
  };
}
