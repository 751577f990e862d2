/**
 * An arm that runs, with the probe's backend behind it, from the first process to the last.
 */
import { createProcessGuard } from "../base/owned-process.js";
import { createWorkspace } from "../base/workspace.js";
import type { Directive } from "../proxy/nginx/nginx-tree.js";
import { prepareProxy } from "../proxy/prepare-proxy.js";
import type { PreparedProxy, RunningProxy } from "../proxy/proxy.js";
import type { ArmTarget } from "../scenario/arm.js";
import { type ProbeBackend, startProbeBackend } from "./probe-backend.js";

/** What the limits are tried with; a part of a config gets a worker of this size. */
export const connectionsMost = 1100;

export interface SessionSettings {
  readonly target: ArmTarget;
  readonly set: Readonly<Record<string, string>>;
  readonly path: string;
  readonly signal: AbortSignal;
}

export interface ArmSession {
  readonly prepared: PreparedProxy;
  readonly proxy: RunningProxy;
  readonly backend: ProbeBackend;
  stop(): Promise<void>;
}

type Adjust = (tree: readonly Directive[]) => readonly Directive[];

/** @throws ConfigRefusedError, UsageError or EnvironmentError, after everything it started has ended */
export async function startSession(
  { target, set, path, signal }: SessionSettings,
  adjust?: Adjust,
): Promise<ArmSession> {
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const backend = await startProbeBackend();
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
      serverName: null,
      host: null,
      keepsAccess: true,
      folder,
      guard,
    };
    const prepared = await prepareProxy(
      target,
      set,
      adjust === undefined ? setting : { ...setting, adjustConfig: adjust },
      signal,
    );
    proxy = await prepared.start(signal);
    return { prepared, proxy, backend, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
