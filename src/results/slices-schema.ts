/** A trial's window piece by piece, as the run document has it. */
import { z } from "zod";

const us = z.number().min(0).nullable();

/** The measured window in slices of `lengthS`, one after the other; every list has one entry a slice. */
export const slicesSchema = z.object({
  /** 0.1, or more where so short a slice would hold fewer than 500 messages. */
  lengthS: z.number().positive(),
  /** What `p99Us` is of. */
  series: z.enum(["wire", "roundTrip"]),
  /** Null where a slice holds too few messages. */
  p99Us: z.array(us),
  /** The longest that a message waited in the generator, to be sent or to be seen. */
  generatorGapUs: z.array(z.number().min(0)),
  /** The longest that the backend took over a message; null where it does not tell. */
  backendGapUs: z.array(us),
  /** Processor time that the hypervisor took, on all processors together; null where nobody tells. */
  stolenUs: z.array(us),
});

/**
 * Where the arms of a block shared its time in slots: what came of each slot of the arm's own, in order. The nth slots of all
 * arms are of one cycle, and lie beside each other.
 */
export const slotsSchema = z.object({
  /** What `p50Us` is of. */
  series: z.enum(["wire", "roundTrip"]),
  /** Null where a slot holds too few messages. */
  p50Us: z.array(us),
});

export type SlicesResult = z.infer<typeof slicesSchema>;
export type SlotsResult = z.infer<typeof slotsSchema>;
