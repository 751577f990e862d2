/**
 * Fails where files that the build writes and git keeps are not as the program says: `npm run check`, which has built before.
 */
import { execFileSync } from "node:child_process";

const written = ["schemas", "docs/reference", "man"];
const git = (...args) => execFileSync("git", [...args, "--", ...written], { encoding: "utf8" });

const stale = `${git("diff", "--name-only")}${git("ls-files", "--others", "--exclude-standard")}`;
if (stale !== "") {
  process.stderr.write(`The build wrote these anew; look at them and commit them:\n${stale}`);
  process.exitCode = 1;
}
