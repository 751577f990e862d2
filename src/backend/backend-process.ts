/**
 * Starts the backend as a process of its own and talks to it.
 */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createAsker } from "../base/ask-child.js";
import { EnvironmentError } from "../base/errors.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { promptNode } from "../base/prompt-node.js";
import type { BackendReply, BackendReport, BackendRequest, ListeningServer } from "./messages.js";
import type { PongServerOptions } from "./pong-server.js";
import type { Posture } from "./posture.js";
import type { PushOrder } from "./push-order.js";

export interface Backend extends ListeningServer {
  /** Of its processes. */
  readonly pids: readonly number[];
  /** The first of `ports`. */
  readonly port: number;
  /** Whether its times are on this machine's monotonic clock. */
  readonly sharesClock: boolean;
  /** Whether it can stop listening, and listen again. */
  readonly goesDown: boolean;
  /** Those of it that are on other machines. */
  readonly others?: readonly { readonly host: string; readonly port: number }[];
  report(): Promise<BackendReport>;
  /** Sets the counts to zero. */
  reset(): Promise<BackendReport>;
  /** From now on. @throws EnvironmentError when it cannot: the ws engine can only serve */
  take(posture: Posture): Promise<void>;
  /** Sends unasked from now on, or (null) no more; null where it only answers: the ws engine, or one that this run did not start. */
  readonly push: ((order: PushOrder | null) => Promise<void>) | null;
  stop(): Promise<void>;
}

/** @throws EnvironmentError when the process ends, or cannot listen */
export async function startBackendProcess(guard: ProcessGuard, options: PongServerOptions): Promise<Backend> {
  const main = fileURLToPath(new URL("./backend-main.js", import.meta.url));
  const child = guard.spawn(process.execPath, [...promptNode, main], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ask = createAsker<BackendRequest, BackendReply>(child, "backend");
  const listening = await ask({ kind: "listen", options });
  if (listening.kind !== "listening") {
    child.kill("SIGKILL");
    const reason =
      listening.kind === "failed" ? troubleWords(listening.message, options) : "it gave no address";
    throw new EnvironmentError(`Cannot start the backend on ${options.host}:${options.port}: ${reason}`);
  }
  const askReport = async (kind: "report" | "reset"): Promise<BackendReport> => {
    const reply = await ask({ kind });
    if (reply.kind !== "report") throw new EnvironmentError(`The backend answered ${reply.kind} to ${kind}`);
    return reply.report;
  };
  const push = async (order: PushOrder | null): Promise<void> => {
    await ask({ kind: "push", order });
  };
  return {
    pids: child.pid === undefined ? [] : [child.pid],
    ...listening.server,
    port: listening.server.ports[0] as number,
    sharesClock: true,
    goesDown: listening.server.engine === "epoll",
    report: () => askReport("report"),
    reset: () => askReport("reset"),
    async take(posture) {
      const reply = await ask({ kind: "take", posture });
      if (reply.kind === "failed")
        throw new EnvironmentError(`The backend cannot be ${posture.kind}: ${reply.message}`);
    },
    push: listening.server.engine === "epoll" ? push : null,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Any port would do for 0: that it is in use means that all of them are. */
function troubleWords(message: string, { port }: PongServerOptions): string {
  const isExhausted = port === 0 && message.includes("EADDRINUSE");
  return isExhausted
    ? `${message}: every port that the system may give is in use (net.ipv4.ip_local_port_range)`
    : message;
}
