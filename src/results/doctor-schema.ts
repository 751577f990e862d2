/**
 * What `wsrally doctor` says of a machine, check by check.
 */
import { z } from "zod";

const checkSchema = z.strictObject({
  check: z.string().describe("What was looked at, such as io-uring or proxy-nginx; names stay"),
  status: z
    .enum(["ok", "warning", "missing"])
    .describe("warning: it is there and limits what can be measured; missing: it is not there"),
  says: z.string().describe("What was found"),
  cure: z
    .string()
    .nullable()
    .describe("What would help, as a command where there is one; null where nothing has to"),
});

export type Check = z.infer<typeof checkSchema>;

export const doctorSchema = z.array(checkSchema);
