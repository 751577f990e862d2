/**
 * The pool of generator threads, kept for a whole run so that no trial pays for their start.
 */
import { Piscina } from "piscina";
import type { ThreadJob, ThreadReport } from "./messages.js";

export interface GeneratorPool {
  readonly threads: number;
  /**
   * Runs one thread's part of a trial; the job's port goes over to the thread.
   * @throws the signal's reason when aborted (the thread is ended at once), or the error that killed the thread
   */
  run(job: ThreadJob, signal: AbortSignal): Promise<ThreadReport>;
  close(): Promise<void>;
}

export function createGeneratorPool(threads: number): GeneratorPool {
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
    run: (job, signal) => pool.run(job, { transferList: [job.port], signal }),
    close: () => pool.destroy(),
  };
}
