/**
 * The entry of a generator process: one job after the other, each in this main thread.
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { messageOf } from "../base/errors.js";
import type { GeneratorReply, GeneratorRequest, PortableJob } from "./generator-process.js";
import { createLiveMemory } from "./live-figures.js";
import type { ThreadWord } from "./messages.js";
import { runJob } from "./worker.js";

const liveEveryMs = 200;

/** Our end of the running job's port. */
let jobPort: MessagePort | null = null;

const reply = (message: GeneratorReply): void => {
  process.send?.(message);
};

process.on("message", (request: GeneratorRequest) => {
  if (request.kind === "job") void runPortableJob(request.job);
  else jobPort?.postMessage(request.order);
});

// The run that owns this process is gone.
process.on("disconnect", () => process.exit(0));

async function runPortableJob(job: PortableJob): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const live = createLiveMemory();
  jobPort = port1;
  port1.on("message", (word: ThreadWord) => reply({ kind: "word", word }));
  const timer = setInterval(
    () => reply({ kind: "live", figures: new Float64Array(live).slice() }),
    liveEveryMs,
  );
  try {
    reply({ kind: "report", report: await runJob({ ...job, port: port2, live }) });
  } catch (thrown) {
    reply({ kind: "failed", message: messageOf(thrown) });
  } finally {
    clearInterval(timer);
    port1.close();
  }
}
