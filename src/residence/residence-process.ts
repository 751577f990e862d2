/**
 * Starts the process that sees a proxy's packets, and asks it.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createAsker } from "../base/ask-child.js";
import { EnvironmentError } from "../base/errors.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { promptNode } from "../base/prompt-node.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import type { ProxyPorts } from "./capture-filter.js";
import type { ResidenceFigures, ResidenceReply, ResidenceRequest } from "./residence-messages.js";

export interface ResidenceWatch {
  /** Of its process. */
  readonly pids: readonly number[];
  /** For a new load, before its first connection: nothing is known of the one before. */
  begin(ports: ProxyPorts): Promise<void>;
  /** Which messages are measured, by when they come to the proxy, in nanoseconds of the monotonic clock. */
  window(fromNs: number, toNs: number): Promise<void>;
  /** The load is over. */
  figures(): Promise<ResidenceFigures>;
  stop(): Promise<void>;
}

/**
 * Of the network namespace that the caller is in.
 * @throws EnvironmentError where this machine lets nobody, or not this user, see packets
 */
export async function watchResidence(guard: ProcessGuard): Promise<ResidenceWatch> {
  const layer = isLinuxLayerAvailable();
  if (!layer.available) throw noResidence(`it takes Linux and its system calls (${layer.reason})`);
  const main = fileURLToPath(new URL("./residence-main.js", import.meta.url));
  const child = guard.spawn(process.execPath, [...promptNode, main], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask = createAsker<ResidenceRequest, ResidenceReply>(child, "residence");
  const tell = async (request: ResidenceRequest): Promise<void> => {
    const reply = await ask(request);
    if (reply.kind === "failed")
      throw noResidence(
        reply.mayNot
          ? `it takes CAP_NET_RAW, which root has, and a container with \`--cap-add NET_RAW\` (${reply.message})`
          : reply.message,
      );
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  try {
    await tell({ kind: "open" });
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    pids: child.pid === undefined ? [] : [child.pid],
    begin: (ports) => tell({ kind: "begin", ports }),
    window: (fromNs, toNs) => tell({ kind: "window", fromNs, toNs }),
    async figures() {
      const reply = await ask({ kind: "figures" });
      if (reply.kind !== "figures")
        throw new EnvironmentError(`The residence process answered ${reply.kind} to figures`);
      return reply.figures;
    },
    stop,
  };
}

function noResidence(reason: string): EnvironmentError {
  return new EnvironmentError(
    `Cannot see packets at the proxy for --residence: ${reason}. Leave --residence out to measure the rest.`,
  );
}
