/**
 * Real trials: a proxy, wsrally's backend with faults on purpose, and the load between them.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { startBackendProcess } from "#wsrally/backend/backend-process.js";
import type { PongServerOptions } from "#wsrally/backend/pong-server.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";
import type { GeneratorPool } from "#wsrally/load/generator-pool.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { SeenProxy } from "#wsrally/proxy/seen-proxy.js";
import type { ResidenceWatch } from "#wsrally/residence/residence-process.js";
import { parseArm } from "#wsrally/scenario/arm.js";
import { resolveWorkload, type WorkloadInput } from "#wsrally/scenario/workload.js";
import type { Patience } from "#wsrally/trial/patience.js";
import { anywhere } from "#wsrally/trial/placement.js";
import { prepareArms } from "#wsrally/trial/prepare-arms.js";
import { runTrial } from "#wsrally/trial/run-trial.js";
import type { TrialRecord } from "#wsrally/trial/trial-record.js";

export interface TrialOrder {
  /** As on the command line. */
  readonly arm: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly workload?: WorkloadInput;
  readonly backend?: Partial<PongServerOptions>;
  /** The proxy passes to a port where nobody listens. */
  readonly closedUpstream?: boolean;
  readonly durationS?: number;
  /** Null for a closed loop. */
  readonly ratePerS?: number | null;
  /** Shorter than usual, where a test waits for what never comes. */
  readonly patience?: Patience;
  /** Sees packets at the proxy. */
  readonly residence?: ResidenceWatch;
}

/** A trial's proxy, and its folder, by which its processes can be found. */
export interface TrialProxy {
  readonly running: SeenProxy;
  readonly folder: string;
}

export interface TrialMoments {
  /** The proxy has been started, and nothing is connected yet. */
  readonly started?: (proxy: TrialProxy) => void;
  /** The load is measured. */
  readonly measured?: (proxy: TrialProxy) => void;
}

/** @param pool may be shared by trials side by side: each takes one thread */
export async function runOneTrial(
  pool: GeneratorPool,
  order: TrialOrder,
  { started = () => undefined, measured = () => undefined }: TrialMoments = {},
): Promise<TrialRecord> {
  const { signal } = new AbortController();
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const backend = await startBackendProcess(guard, {
    host: "127.0.0.1",
    port: 0,
    path: null,
    once: false,
    deflate: false,
    ...order.backend,
  });
  try {
    const { target, set } = parseArm(order.arm, order.set);
    const workload = resolveWorkload({ connections: 10, ...order.workload });
    const upstream = order.closedUpstream ? { ...backend, port: await closedPort(), ports: [] } : backend;
    const [arm] = await prepareArms(
      [{ name: "arm", target, set, workload, group: "", cell: {}, isFloor: false }],
      {
        workspace,
        guard,
        backends: [upstream],
        behind: null,
        placesProxies: false,
        facing: null,
        proxyHost: null,
        generation: 0,
        signal,
      },
    );
    if (arm === undefined) throw new Error("No arm was prepared");
    let running: SeenProxy | null = null;
    const start = async (by: AbortSignal): Promise<SeenProxy> => {
      running = await arm.proxy.start(by);
      started({ running, folder: workspace.path });
      return running;
    };
    let isMeasured = false;
    return await runTrial({
      arm: { ...arm, proxy: { ...arm.proxy, start } },
      block: 0,
      position: 0,
      round: 0,
      // One of its threads: trials that took all would wait for each other.
      pool: { ...pool, threads: 1 },
      engine: isLinuxLayerAvailable().available ? "epoll" : "ws",
      placement: anywhere,
      line: null,
      residence: order.residence ?? null,
      seed: 1,
      ratePerS: order.ratePerS === undefined ? 200 : order.ratePerS,
      warmupS: 0,
      durationS: order.durationS ?? 0.5,
      ...(order.patience === undefined ? {} : { patience: order.patience }),
      signal,
      cutOff: () => undefined,
      progress: (phase) => {
        if (phase !== "measure" || isMeasured || running === null) return;
        isMeasured = true;
        measured({ running, folder: workspace.path });
      },
    });
  } finally {
    await backend.stop();
    await workspace.remove();
    guard.release();
  }
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 1;
}

/** The workers of the nginx of a folder. */
export function nginxWorkers(folder: string): number[] {
  const master = processTree(process.pid).find((pid) => {
    const command = commandOf(pid);
    return command.includes("nginx") && command.includes(folder);
  });
  return master === undefined ? [] : processTree(master).slice(1);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended since it was listed.
    return "";
  }
}
