/** A finding of `probe` in documents. */
import { z } from "zod";
import { findingIds, findingSides, findingStatuses } from "../diagnosis/finding.js";

export const findingSchema = z.object({
  /** Explained in docs/findings.md. */
  id: z.enum(findingIds),
  status: z.enum(findingStatuses),
  /** Who is to mend it; unknown where one end alone cannot tell. */
  side: z.enum(findingSides),
  title: z.string(),
  /** What was seen, a line each. */
  evidence: z.array(z.string()),
  /** Null where all is well; why it was not tested where it was not. */
  cause: z.string().nullable(),
  cure: z.string().nullable(),
});
