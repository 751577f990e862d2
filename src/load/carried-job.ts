/**
 * A thread's job where its run is elsewhere, in another process or on another machine: what passes on the job's port and
 * in its shared memory goes as messages. One end has the thread, the other what the run believes to be it.
 */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { messageOf } from "../base/errors.js";
import { createLiveMemory } from "./live-figures.js";
import type { CloseOrder, EndOrder, StartOrder, ThreadJob, ThreadReport, ThreadWord } from "./messages.js";

/** A job without what cannot leave its process. */
export type PortableJob = Omit<ThreadJob, "port" | "live">;

export type ThreadOrder = StartOrder | EndOrder | CloseOrder;

/** What is told of a job. */
export type GeneratorReply =
  | { readonly kind: "word"; readonly word: ThreadWord }
  | { readonly kind: "live"; readonly figures: Float64Array }
  | { readonly kind: "report"; readonly report: ThreadReport }
  | { readonly kind: "failed"; readonly message: string };

const liveEveryMs = 200;

/** The end that has the thread. */
export interface CarriedJob {
  order(order: ThreadOrder): void;
  /** Everything has been told. */
  readonly ended: Promise<void>;
}

export function carryJob(
  job: PortableJob,
  run: (job: ThreadJob) => Promise<ThreadReport>,
  reply: (reply: GeneratorReply) => void,
): CarriedJob {
  const { port1, port2 } = new MessageChannel();
  const live = createLiveMemory();
  port1.on("message", (word: ThreadWord) => reply({ kind: "word", word }));
  const timer = setInterval(
    () => reply({ kind: "live", figures: new Float64Array(live).slice() }),
    liveEveryMs,
  );
  const tell = async (): Promise<void> => {
    try {
      reply({ kind: "report", report: await run({ ...job, port: port2, live }) });
    } catch (thrown) {
      reply({ kind: "failed", message: messageOf(thrown) });
    } finally {
      clearInterval(timer);
      port1.close();
    }
  };
  return { order: (order) => port1.postMessage(order), ended: tell() };
}

/** Where the run believes the thread to be. */
export interface JobSeat {
  readonly port: MessagePort;
  readonly figures: Float64Array;
  resolve(report: ThreadReport): void;
  reject(error: Error): void;
}

export function seatReply(seat: JobSeat, reply: GeneratorReply): void {
  if (reply.kind === "word") seat.port.postMessage(reply.word);
  else if (reply.kind === "live") seat.figures.set(reply.figures);
  else if (reply.kind === "report") seat.resolve(reply.report);
  else seat.reject(new Error(reply.message));
}
