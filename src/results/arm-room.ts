/**
 * How many of its load's connections an arm's config lets in, foretold: in the run document and in a dry run.
 */
import { z } from "zod";
import type { MachineLimits } from "../diagnosis/limit.js";
import { quoteWords } from "../diagnosis/quote.js";
import { armRoom, scarceWords } from "../trial/check-room.js";
import type { ForetoldArm } from "../trial/foretell-arms.js";

export const roomSchema = z.object({
  /** Of the load. */
  connections: z.int().min(0),
  letsIn: z.int().min(0),
  /** The directive that lets the fewest in, and where it stands. */
  by: z.string(),
  /** Whether it lets no more in for sure; false for a limit by a key that may differ from client to client. */
  isCertain: z.boolean(),
  /** Why some may be turned away; null where there is room enough. */
  warning: z.string().nullable(),
});

/** Null where no directive of a user's config limits them. */
export function toRoom(arm: ForetoldArm, machine: MachineLimits): z.infer<typeof roomSchema> | null {
  const room = armRoom(arm, machine);
  if (room === null) return null;
  const { connections, letsIn, admission } = room;
  return {
    connections,
    letsIn,
    by: quoteWords(admission.quote),
    isCertain: admission.isCertain,
    warning: scarceWords(room),
  };
}
