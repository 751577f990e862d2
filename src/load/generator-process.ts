/**
 * A generator thread's work in a process of its own: the job's port is carried over the process's channel, and the
 * live figures, which two processes cannot share, come as copies.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { ProcessGuard } from "../base/owned-process.js";
import { promptNode } from "../base/prompt-node.js";
import { type GeneratorReply, type PortableJob, seatReply, type ThreadOrder } from "./carried-job.js";
import type { ThreadJob, ThreadReport } from "./messages.js";

export type GeneratorRequest =
  | { readonly kind: "job"; readonly job: PortableJob }
  | { readonly kind: "order"; readonly order: ThreadOrder };

export class GeneratorProcess {
  readonly #child: ChildProcess;

  constructor(guard: ProcessGuard, main: string) {
    this.#child = guard.spawn(process.execPath, [...promptNode, main], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      serialization: "advanced",
    });
    // Heard by whoever runs a job; without one there is nothing to do about it.
    this.#child.on("error", () => undefined);
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && !this.#child.killed;
  }

  async run({ port, live, ...job }: ThreadJob, signal: AbortSignal): Promise<ThreadReport> {
    signal.throwIfAborted();
    const child = this.#child;
    const figures = new Float64Array(live);
    const onAbort = (): void => void child.kill("SIGKILL");
    port.on("message", (order: ThreadOrder) => this.#tell({ kind: "order", order }));
    signal.addEventListener("abort", onAbort);
    try {
      return await new Promise<ThreadReport>((resolve, reject) => {
        const seat = { port, figures, resolve, reject };
        child.on("message", (reply: GeneratorReply) => seatReply(seat, reply));
        child.once("exit", (code, killer) => {
          reject(signal.aborted ? signal.reason : new Error(`it ended with ${code ?? killer}`));
        });
        this.#tell({ kind: "job", job });
      });
    } finally {
      signal.removeEventListener("abort", onAbort);
      child.removeAllListeners("message");
      child.removeAllListeners("exit");
      port.close();
    }
  }

  async stop(): Promise<void> {
    if (!this.isAlive) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  #tell(request: GeneratorRequest): void {
    // What is sent to a process that has ended is answered by its exit.
    this.#child.send(request, () => undefined);
  }
}
