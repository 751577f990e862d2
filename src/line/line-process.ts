/**
 * Lays a line between clients and proxy, carried by a process of its own.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createAsker } from "../base/ask-child.js";
import { EnvironmentError } from "../base/errors.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { promptNode } from "../base/prompt-node.js";
import { atRealTimePriority, mayUseRealTime } from "../linux/scheduling.js";
import type { Weather } from "../scenario/weather-schema.js";
import type { KernelSettings } from "./kernel-settings.js";
import type { LineFigures, LineReply, LineRequest } from "./line-messages.js";
import { noLine } from "./own-network.js";

export interface LaidLine {
  /** Of its process. */
  readonly pids: readonly number[];
  /** For a new load: counts and draws begin anew, and the mortals live. */
  begin(weather: Weather, seed: number): Promise<void>;
  /** What it does to packets from now on; those on their way are not asked. */
  set(weather: Weather): Promise<void>;
  /** The mortals are cut off from now on, without a word to either end. */
  cut(): Promise<void>;
  /** Counts from now on. */
  count(): Promise<void>;
  figures(): Promise<LineFigures>;
  stop(): Promise<void>;
}

/**
 * In the network namespace that the caller is in, which nothing else has set up.
 * @throws EnvironmentError when it cannot be laid
 */
export async function layLine(guard: ProcessGuard, kernel: KernelSettings): Promise<LaidLine> {
  const main = fileURLToPath(new URL("./line-main.js", import.meta.url));
  const start = (): ChildProcess =>
    guard.spawn(process.execPath, [...promptNode, main], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
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
    await tell({ kind: "lay", kernel });
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    pids: child.pid === undefined ? [] : [child.pid],
    begin: (weather, seed) => tell({ kind: "begin", weather, seed }),
    set: (weather) => tell({ kind: "weather", weather }),
    cut: () => tell({ kind: "cut" }),
    count: () => tell({ kind: "count" }),
    async figures() {
      const reply = await ask({ kind: "figures" });
      if (reply.kind !== "figures") throw new EnvironmentError(`The line answered ${reply.kind} to figures`);
      return reply.figures;
    },
    stop,
  };
}
