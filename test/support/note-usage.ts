/** Loaded into a program by `--import`: at its end it writes its peak memory into the file that `WSRALLY_USAGE` names. */
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const file = process.env.WSRALLY_USAGE;
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
});
