/**
 * The entry of a generator process: one job after the other, each in this main thread.
 */
import { type CarriedJob, carryJob } from "./carried-job.js";
import type { GeneratorRequest } from "./generator-process.js";
import { runJob } from "./worker.js";

let running: CarriedJob | null = null;

process.on("message", (request: GeneratorRequest) => {
  if (request.kind === "order") running?.order(request.order);
  else running = carryJob(request.job, runJob, (reply) => process.send?.(reply));
});

// The run that owns this process is gone.
process.on("disconnect", () => process.exit(0));
