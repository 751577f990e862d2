/**
 * Lays a line between clients and proxy, carried by a process of its own.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createAsker } from "../base/ask-child.js";
import { EnvironmentError } from "../base/errors.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { atRealTimePriority, mayUseRealTime } from "../linux/scheduling.js";
import type { LineFigures, LineReply, LineRequest } from "./line-messages.js";
import { noLine } from "./own-network.js";
import type { Weather } from "./weather.js";

export type LineSettings = Omit<Extract<LineRequest, { kind: "lay" }>, "kind">;

export interface LaidLine {
  /** Of its process. */
  readonly pids: readonly number[];
  /** What it does to packets from now on; those on their way are not asked. */
  set(weather: Weather): Promise<void>;
  /** The mortals are cut off from now on, without a word to either end. */
  cut(): Promise<void>;
  /** They are not any more. */
  heal(): Promise<void>;
  /** Counts from now on. */
  count(): Promise<void>;
  figures(): Promise<LineFigures>;
  stop(): Promise<void>;
}

/**
 * In the network namespace that the caller is in, which nothing else has set up.
 * @throws EnvironmentError when it cannot be laid
 */
export async function layLine(guard: ProcessGuard, settings: LineSettings): Promise<LaidLine> {
  const main = fileURLToPath(new URL("./line-main.js", import.meta.url));
  const start = (): ChildProcess =>
    guard.spawn(process.execPath, [main], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  // A wire waits for nobody: where it has to, packets come late that were not to.
  const child = mayUseRealTime() ? atRealTimePriority(start) : start();
  const ask = createAsker<LineRequest, LineReply>(child, "line");
  const tell = async (request: LineRequest): Promise<void> => {
    const reply = await ask(request);
    if (reply.kind === "failed") throw noLine(reply.message);
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  try {
    await tell({ kind: "lay", ...settings });
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    pids: child.pid === undefined ? [] : [child.pid],
    set: (weather) => tell({ kind: "weather", weather }),
    cut: () => tell({ kind: "cut" }),
    heal: () => tell({ kind: "heal" }),
    count: () => tell({ kind: "count" }),
    async figures() {
      const reply = await ask({ kind: "figures" });
      if (reply.kind !== "figures") throw new EnvironmentError(`The line answered ${reply.kind} to figures`);
      return reply.figures;
    },
    stop,
  };
}
