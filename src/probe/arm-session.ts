/**
 * An arm that runs, with the probe's backend behind it, from the first process to the last.
 */
import { createProcessGuard } from "../base/owned-process.js";
import { createWorkspace } from "../base/workspace.js";
import { prepareProxy } from "../proxy/prepare-proxy.js";
import type { PreparedProxy, RunningProxy } from "../proxy/proxy.js";
import type { Variant } from "../proxy/variant.js";
import type { ArmTarget } from "../scenario/arm.js";
import { type ProbeBackend, startProbeBackend } from "./probe-backend.js";
import type { ProbeBehind } from "./probe-behind.js";

/** What the limits are tried with; a part of a config gets a worker of this size. */
export const connectionsMost = 1100;

export interface SessionSettings {
  readonly target: ArmTarget;
  readonly set: Readonly<Record<string, string>>;
  readonly path: string;
  readonly signal: AbortSignal;
  /** Which server of the config; null for the one that proxies WebSockets. */
  readonly serverName: string | null;
  /** Whether passwords and address lists stay in the way. */
  readonly keepsAccess: boolean;
  /** Whether the upstreams that the config names answer, and not a backend of ours. */
  readonly keepsUpstream: boolean;
  /** Null where the config speaks no TLS to its upstream. */
  readonly upstreamTlsNames: readonly string[] | null;
  /** Null where wsrally runs the proxy, or somebody else's backend stands behind it. */
  readonly behind: ProbeBehind | null;
  /** Absent for the config as it is. */
  readonly variant?: Variant;
}

export interface ArmSession {
  readonly prepared: PreparedProxy;
  readonly proxy: RunningProxy;
  readonly backend: ProbeBackend;
  stop(): Promise<void>;
}

/** @throws ConfigRefusedError, UsageError or EnvironmentError, after everything it started has ended */
export async function startSession(settings: SessionSettings): Promise<ArmSession> {
  const { target, set, path, signal, serverName, keepsAccess, keepsUpstream } = settings;
  const workspace = await createWorkspace();
  const backend = await startProbeBackend(settings.upstreamTlsNames, settings.behind).catch(
    async (thrown) => {
      await workspace.remove();
      throw thrown;
    },
  );
  const guard = createProcessGuard(workspace.path);
  let proxy: RunningProxy | null = null;
  const stop = async (): Promise<void> => {
    await proxy?.stop();
    await backend.stop();
    await workspace.remove();
    guard.release();
  };
  try {
    const folder = await workspace.folder("arm-0");
    const setting = {
      backend: backend.address,
      connections: connectionsMost,
      path,
      serverName,
      host: null,
      keepsAccess,
      keepsUpstream,
      // What lets in by their rate is told from the config; here it would count the probe's own handshakes.
      liftsRates: true,
      variant: settings.variant ?? null,
      folder,
      guard,
    };
    const prepared = await prepareProxy(target, set, setting, signal);
    proxy = await prepared.start(signal);
    return { prepared, proxy, backend, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
