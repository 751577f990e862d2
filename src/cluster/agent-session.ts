/**
 * What an agent does for one controller: its generators, a process each, and its backend. All of it ends with the session.
 */
import { randomBytes } from "node:crypto";
import { type Backend, startBackendProcess } from "../backend/backend-process.js";
import type { PongServerOptions } from "../backend/pong-server.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { type CarriedJob, carryJob, type PortableJob, type ThreadOrder } from "../load/carried-job.js";
import { createProcessPool, type GeneratorPool } from "../load/generator-pool.js";
import type { PartWriter } from "./numbered-parts.js";
import type { AgentWord, BackendPlace } from "./protocol.js";
import { ServedProxies } from "./served-proxies.js";

interface SessionSettings {
  /** Private, and there already, for what of configs comes; null for an agent that runs no proxies. */
  readonly folder: string | null;
  readonly run: string;
  readonly generators: number;
  readonly guard: ProcessGuard;
  readonly parts: PartWriter;
}

interface RunningJob {
  readonly carried: CarriedJob;
  readonly abort: AbortController;
}

export class AgentSession {
  readonly run: string;
  readonly #guard: ProcessGuard;
  readonly #parts: PartWriter;
  readonly #idle: GeneratorPool[];
  /** Its messages are stamped by its own backend alone, for that is on the same clock. */
  readonly #pair = randomBytes(8).toString("hex");
  readonly #jobs = new Map<number, RunningJob>();
  readonly #proxies: ServedProxies | null;
  readonly #backends = new Map<BackendPlace, Backend>();

  constructor({ run, generators, guard, parts, folder }: SessionSettings) {
    this.run = run;
    this.#guard = guard;
    this.#parts = parts;
    this.#proxies = folder === null ? null : new ServedProxies(folder, guard);
    this.#idle = Array.from({ length: generators }, () => createProcessPool(1, guard));
  }

  /** Parts that it has said. */
  get parts(): number {
    return this.#parts.count;
  }

  /** Jobs that have not ended. */
  get running(): number[] {
    return [...this.#jobs.keys()];
  }

  /** @throws RangeError when every generator is busy */
  begin(job: number, order: PortableJob): void {
    const pool = this.#idle.pop();
    if (pool === undefined) throw new RangeError("every generator is busy");
    const abort = new AbortController();
    const carried = carryJob(
      // The controller knows nothing of the processors here.
      { ...order, cpus: null, pair: this.#pair },
      (threadJob) => pool.run(threadJob, abort.signal),
      (reply) => {
        if (!abort.signal.aborted) this.#parts.write({ job, reply } satisfies AgentWord);
      },
    );
    this.#jobs.set(job, { carried, abort });
    void carried.ended.then(() => {
      this.#jobs.delete(job);
      if (!abort.signal.aborted) this.#idle.push(pool);
    });
  }

  order(job: number, order: ThreadOrder): void {
    this.#jobs.get(job)?.carried.order(order);
  }

  /** Ends its process, which another takes the place of. */
  async cancel(job: number): Promise<void> {
    const running = this.#jobs.get(job);
    if (running === undefined) return;
    running.abort.abort(new Error("cancelled"));
    await running.carried.ended;
    this.#idle.push(createProcessPool(1, this.#guard));
  }

  /** @throws EnvironmentError when it cannot listen */
  async listen(place: BackendPlace, options: PongServerOptions): Promise<Backend> {
    await this.#backends.get(place)?.stop();
    const backend = await startBackendProcess(this.#guard, { ...options, pair: this.#pair });
    this.#backends.set(place, backend);
    return backend;
  }

  /** @throws RangeError before it listens */
  backend(place: BackendPlace): Backend {
    const backend = this.#backends.get(place);
    if (backend === undefined) throw new RangeError("no backend listens");
    return backend;
  }

  /** @throws RangeError where it runs none */
  get proxies(): ServedProxies {
    if (this.#proxies === null) throw new RangeError("it makes load and runs no proxies");
    return this.#proxies;
  }

  /** Resolves when every process has ended. */
  async stop(): Promise<void> {
    const running = [...this.#jobs.values()];
    for (const { abort } of running) abort.abort(new Error("the session is over"));
    const proxies = this.#proxies?.end();
    await Promise.all(running.map(({ carried }) => carried.ended));
    await Promise.all(this.#idle.map((pool) => pool.close()));
    await Promise.all([...this.#backends.values()].map((backend) => backend.stop()));
    await proxies;
  }
}
