/**
 * The entry of a generator thread: the pool calls `runJob` once a trial.
 */
import { assertNever } from "../base/assert-never.js";
import { setCpuAffinity } from "../linux/cpu-affinity.js";
import { setTimerSlack } from "../linux/timer-slack.js";
import type { Engine, EngineSettings } from "./engine.js";
import { createEpollEngine } from "./epoll-engine.js";
import { createHttp2Engine } from "./http2-engine.js";
import type { EngineName, ThreadJob, ThreadReport } from "./messages.js";
import { runThread } from "./run-thread.js";
import { createUringEngine } from "./uring-engine.js";
import { createWsEngine } from "./ws-engine.js";

export function runJob(job: ThreadJob): Promise<ThreadReport> {
  if (job.cpus !== null) setCpuAffinity(0, job.cpus);
  // An open loop's sends would be 50 µs late each.
  if (job.engine !== "ws") setTimerSlack(1);
  const { streams } = job.target;
  return runThread(job, (settings) =>
    streams === null ? createEngine(job.engine, settings) : createHttp2Engine(settings, streams),
  );
}

function createEngine(name: EngineName, settings: EngineSettings): Engine {
  switch (name) {
    case "ws":
      return createWsEngine(settings);
    case "epoll":
      return createEpollEngine(settings);
    case "io_uring":
      return createUringEngine(settings);
    default:
      return assertNever(name);
  }
}
