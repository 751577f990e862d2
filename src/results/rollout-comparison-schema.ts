/**
 * What an event costs the clients of one arm more than those of the first, over blocks: in the run document.
 */
import { z } from "zod";
import { reconnectKinds } from "../load/messages.js";

const count = z.int().min(0);

export const rolloutComparisonSchema = z.object({
  /** The first arm. */
  baseline: z.string(),
  candidate: z.string(),
  reconnect: z.enum(reconnectKinds),
  /** Clients lost; and the median time that one was without a connection, in milliseconds, 0 where nobody was. */
  metric: z.enum(["lost", "downP50Ms"]),
  /** Candidate less baseline, the 95 % interval; null where there are too few blocks for one. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** `equivalent`: 0 on both sides in every block. */
  verdict: z.enum(["better", "worse", "equivalent", "inconclusive"]),
  /** One-sided, to the side that it leans to, after Holm over all comparisons to that side; null without a test. */
  p: z.number().nullable(),
  /** Blocks that both went through. */
  blocks: count,
  /** The fewest with which a verdict could come. */
  blocksNeeded: count,
});

export type RolloutComparison = z.infer<typeof rolloutComparisonSchema>;
