/** What a document says of an arm whose proxy somebody else runs, with wsrally's backend behind it. */
import { z } from "zod";

const count = z.int().min(0);

export const behindSchema = z.object({
  /** Where the backend listens, as the proxy's upstream has it. */
  addresses: z.array(z.string()),
  /** Whether a handshake with the run's token arrived there. */
  reached: z.boolean(),
  /** Where in the handshake it arrived; null where it did not. */
  tokenIn: z.enum(["header", "query"]).nullable(),
  /** What others sent there during the trials, in no other count; absent where there are none. */
  others: z.object({ websockets: count, otherRequests: count, messages: count }).optional(),
});

export type BehindResult = z.infer<typeof behindSchema>;
