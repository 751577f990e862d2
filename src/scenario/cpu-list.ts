/**
 * Processors as people write them: `0-1,3`.
 */
import { z } from "zod";

/** What a scenario asks of the placement: `auto`, `none`, or processors for some of the three parts. */
export type CpuChoice =
  | "auto"
  | "none"
  | {
      readonly proxy?: readonly number[] | undefined;
      readonly generator?: readonly number[] | undefined;
      readonly backend?: readonly number[] | undefined;
    };

const listPattern = /^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/;

const cpuListSchema = z
  .union([z.int().min(0).max(9999), z.string().regex(listPattern, "want processors such as 0 or 0-1,3")], {
    error: "want processors such as 0 or 0-1,3",
  })
  .transform((value) => expandCpuList(String(value)));

export const cpusSchema = z
  .union(
    [
      z.enum(["auto", "none"]),
      z.strictObject({
        proxy: cpuListSchema.optional().describe("Processors of the proxy"),
        generator: cpuListSchema.optional().describe("Processors of the generator"),
        backend: cpuListSchema.optional().describe("Processors of the backend"),
      }),
    ],
    { error: "want auto, none, or a map with processors for proxy, generator or backend" },
  )
  .describe("Placement: auto (the proxy on processors of its own), none, or processors for each part");

/** @param list as the kernel writes them too: `0-1,3` */
export function expandCpuList(list: string): number[] {
  const cpus = list.split(",").flatMap((part) => {
    const [low = 0, high = low] = part.split("-").map(Number);
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
  });
  return [...new Set(cpus)].sort((a, b) => a - b);
}
