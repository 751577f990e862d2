/** A generator thread's part of one trial, from its job to its report. */
import type { Engine, EngineSettings } from "./engine.js";
import type { ThreadJob, ThreadReport } from "./messages.js";
import { ThreadRun } from "./thread-run.js";

/** Runs a thread's part of a trial. @param createEngine makes the engine that the job names */
export async function runThread(
  job: ThreadJob,
  createEngine: (settings: EngineSettings) => Engine,
): Promise<ThreadReport> {
  const run = new ThreadRun(job, createEngine);
  try {
    return await run.toReport();
  } finally {
    run.dispose();
  }
}
