/** Runs every compiled test, or those whose path holds one of the words given: `npm test -- load scenario`. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const words = process.argv.slice(2);
const files = readdirSync("dist-test", { recursive: true })
  .map((file) => `dist-test/${file}`)
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  process.stderr.write(`No test matches ${words.join(" ")}\n`);
  process.exit(2);
}
// One file at a time: tests that load the machine must not load each other.
const { status } = spawnSync(process.execPath, ["--test", "--test-concurrency=1", ...files], {
  stdio: "inherit",
});
process.exit(status ?? 1);
