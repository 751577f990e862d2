/** How the arms of a run share its time: keys of the workload. */
import { z } from "zod";
import { oneOf } from "./one-of.js";

const interleaveNames = ["auto", "slots", "blocks"] as const;
export type Interleave = (typeof interleaveNames)[number];

const burnInNames = ["each", "one"] as const;
/** `each`: a trial of every arm before the first block; `one`: a single one, of the first arm. */
export type BurnIn = (typeof burnInNames)[number];

export const interleaveKeys = {
  interleave: z
    .enum(interleaveNames, oneOf(interleaveNames))
    .describe(
      "How arms share the time: slots of 0.1 s in turn with all connected, or blocks of a whole trial each (auto: slots where they fit)",
    ),
  burnIn: z
    .enum(burnInNames, oneOf(burnInNames))
    .describe(
      "Trials before the first block, thrown away: each arm's, or one for all, which warms up what they share (each)",
    ),
};
