/**
 * An arm that runs, with the probe's backend behind it, from the first process to the last.
 */
import { createProcessGuard } from "../base/owned-process.js";
import { createWorkspace } from "../base/workspace.js";
import { type Directive, rewrite, walk } from "../proxy/nginx/language/nginx-tree.js";
import { prepareProxy } from "../proxy/prepare-proxy.js";
import type { PreparedProxy, RunningProxy } from "../proxy/proxy.js";
import type { ArmTarget } from "../scenario/arm.js";
import { isNginx } from "./is-nginx.js";
import { type ProbeBackend, startProbeBackend } from "./probe-backend.js";

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
}

export interface ArmSession {
  readonly prepared: PreparedProxy;
  readonly proxy: RunningProxy;
  readonly backend: ProbeBackend;
  stop(): Promise<void>;
}

type Adjust = (tree: readonly Directive[]) => readonly Directive[];

/** One whose zone is nowhere defined is nginx's to refuse. */
function withoutRates(tree: readonly Directive[]): Directive[] {
  const zones = new Set(
    [...walk(tree)].flatMap(({ node }) =>
      node.name === "limit_req_zone"
        ? node.args.flatMap((word) => /^zone=([^:]+):/.exec(word)?.[1] ?? [])
        : [],
    ),
  );
  const isDefined = ({ args }: Directive): boolean =>
    args.some((word) => zones.has(/^zone=(.+)$/.exec(word)?.[1] ?? ""));
  return rewrite(tree, (node) => (node.name === "limit_req" && isDefined(node) ? [] : [node]));
}

/** @throws ConfigRefusedError, UsageError or EnvironmentError, after everything it started has ended */
export async function startSession(settings: SessionSettings, adjust?: Adjust): Promise<ArmSession> {
  const { target, set, path, signal, serverName, keepsAccess, keepsUpstream, upstreamTlsNames } = settings;
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const backend = await startProbeBackend(upstreamTlsNames);
  let proxy: RunningProxy | null = null;
  const stop = async (): Promise<void> => {
    await proxy?.stop();
    await backend.stop();
    await workspace.remove();
    guard.release();
  };
  // What limit_req lets in is told from the config; here it would count the probe's own handshakes.
  const adjustConfig: Adjust = (tree) => adjust?.(withoutRates(tree)) ?? withoutRates(tree);
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
      folder,
      guard,
    };
    const prepared = await prepareProxy(
      target,
      set,
      isNginx(target) ? { ...setting, adjustConfig } : setting,
      signal,
    );
    proxy = await prepared.start(signal);
    return { prepared, proxy, backend, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
