/**
 * What a trial cost the proxy, all of its processes together: main process, workers, and workers left over from before
 * a reload. Optional names are absent in documents of earlier versions.
 */
import { z } from "zod";

const count = z.int().min(0).nullable();
const amount = z.number().min(0).nullable();

export const proxyCostSchema = z.object({
  /**
   * Processor time in the window, over the messages that clients got in it: replies, and what the backend sent unasked. Where arms
   * shared their time in slots, in the arm's own.
   */
  cpuUsPerMessage: amount,
  /**
   * What one message to a room costs with all its deliveries: of that processor time their share in all that the proxy
   * relayed, a round trip counted as two; null where there were none.
   */
  cpuUsPerFanout: amount.optional(),
  /**
   * `cpuUsPerMessage` by where it was spent, outside the kernel and in it. The kernel counts these apart in ticks of 10 ms only,
   * so the exact sum is split by the ticks of the window; null when they are fewer than ten.
   */
  userCpuUsPerMessage: amount.optional(),
  systemCpuUsPerMessage: amount.optional(),
  /** Processor time of the proxy's processes over the window's length: 1 is one core kept busy. */
  cpuShare: amount,
  /**
   * Where arms shared their time in slots: the same in the slots of others, in which nothing was asked of it. What it does by the
   * clock, and not for a message; in none of the figures above. Absent elsewhere, and where not every process could be followed.
   */
  idleCpuShare: z.number().min(0).optional(),
  /** Times that a processor went from one of its threads to something else, for want of work or not. */
  contextSwitchesPerMessage: amount.optional(),
  /** Of them, those where the processor was taken from a thread that had more to do. */
  involuntarySwitchesPerMessage: amount.optional(),
  /** Resident memory at the window's end, before the first connection, at its peak, and after the last close. */
  rssBytes: count,
  rssBytesBefore: count.optional(),
  rssBytesPeak: count.optional(),
  rssBytesAfter: count.optional(),
  /**
   * Proportional memory (Pss), which shares out what processes have in common and is exact where resident memory may
   * lag by some pages: with all connections open after the load, before the first one, and after the last close.
   */
  pssBytes: count.optional(),
  pssBytesBefore: count.optional(),
  pssBytesAfter: count.optional(),
  /**
   * Memory of an open connection that has carried no message yet: the slope of memory over connections while they
   * open (Theil and Sen), which leaves out what the proxy needs with none. Null with fewer than five points or fifty
   * connections.
   */
  rssBytesPerConnection: z.number().nullable(),
  pssBytesPerConnection: z.number().nullable().optional(),
  /** That slope, plus what the connections grew by under load; null when some were lost. */
  activeBytesPerConnection: z.number().nullable().optional(),
  /** Points of the slope. */
  memoryPoints: z.int().min(0).optional(),
  /** Open file descriptors: with all connections open after the load, before the first one, and after the last close. */
  descriptors: count.optional(),
  descriptorsBefore: count.optional(),
  descriptorsAfter: count.optional(),
  /** Processes alive after the load. */
  processes: count.optional(),
  /** The processes, or threads, that do the work, one by one: how evenly connections and load are spread. */
  workers: z
    .array(z.object({ title: z.string().nullable(), cpuShare: amount, descriptors: count }))
    .optional(),
});
