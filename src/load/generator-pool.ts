/**
 * The generator's threads, kept for a whole run so that no trial pays for their start: threads of this process as a
 * rule, processes of their own where one process may not have as many open files as there are connections.
 */
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { EnvironmentError, messageOf } from "../base/errors.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { GeneratorProcess } from "./generator-process.js";
import type { ThreadJob, ThreadReport } from "./messages.js";

export interface GeneratorPool {
  /** How many jobs run at once. */
  readonly threads: number;
  /** The processes that they are in. */
  pids(): readonly number[];
  /**
   * Runs one thread's part of a trial; the job's port goes over to the thread.
   * @throws the signal's reason when aborted (the thread is ended at once)
   * @throws EnvironmentError with what killed the thread, or the process
   */
  run(job: ThreadJob, signal: AbortSignal): Promise<ThreadReport>;
  /** Absent where all of them are on this machine, and so on one clock. */
  readonly barrier?: StartBarrier;
  close(): Promise<void>;
}

/** What it takes to let generators on several machines begin together. */
interface StartBarrier {
  /** From the order to the start, in nanoseconds. */
  readonly delayNs: number;
  /** Called when all are ready, before the order: finds out how their clocks stand. */
  settle(): Promise<void>;
  /** Between the first of them that began and the last, in the last trial, in nanoseconds. */
  skewNs(): number;
}

export function createThreadPool(threads: number): GeneratorPool {
  const pool = new Piscina<ThreadJob, ThreadReport>({
    filename: new URL("./worker.js", import.meta.url).href,
    name: "runJob",
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    // A worker that waits in Atomics.wait would not finish closing its last trial's sockets.
    atomics: "disabled",
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
  });
  return {
    threads,
    pids: () => [process.pid],
    run: (job, signal) => named("thread", signal, pool.run(job, { transferList: [job.port], signal })),
    close: () => pool.destroy(),
  };
}

/** A job a process, each in its main thread. */
export function createProcessPool(processes: number, guard: ProcessGuard): GeneratorPool {
  const main = fileURLToPath(new URL("./generator-main.js", import.meta.url));
  const idle = Array.from({ length: processes }, () => new GeneratorProcess(guard, main));
  const all = [...idle];
  return {
    threads: processes,
    pids: () => all.flatMap(({ pid }) => pid ?? []),
    async run(job, signal) {
      const generator = idle.pop();
      if (generator === undefined) throw new RangeError(`${processes} generator processes are all busy`);
      try {
        return await named("process", signal, generator.run(job, signal));
      } finally {
        if (generator.isAlive) idle.push(generator);
      }
    },
    async close() {
      await Promise.all(all.map((generator) => generator.stop()));
    },
  };
}

async function named(
  what: "thread" | "process",
  signal: AbortSignal,
  report: Promise<ThreadReport>,
): Promise<ThreadReport> {
  try {
    return await report;
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    throw new EnvironmentError(
      `A generator ${what} has failed, and the trial with it: ${messageOf(thrown)}`,
      {
        cause: thrown,
      },
    );
  }
}
