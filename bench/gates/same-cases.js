/** A config against itself: whatever fails is a false alarm. */
import { fileURLToPath } from "node:url";
import { mostByChance } from "../verdicts/tally.js";
import { startBackgroundLoad } from "./background-load.js";
import { gate } from "./gate-cli.js";

const config = fileURLToPath(new URL("nginx.conf", import.meta.url));

const itself = ["--baseline", config, "--candidate", config, "--force"];

/** What an unchanged config may fail (docs/statistics.md, Gate). */
const alpha = 0.01;
/** Within how long nine in ten are to pass. */
const passedWithinS = 60;

export const sameCases = [
  same("same", "nginx against itself"),
  { ...same("same-busy", "nginx against itself, busy machine"), run: runBusy },
];

async function runBusy() {
  const end = await startBackgroundLoad();
  try {
    return await gate(itself);
  } finally {
    await end();
  }
}

function same(kind, name) {
  return {
    kind,
    name,
    runs: 200,
    quickRuns: 2,
    run: () => gate(itself),
    target(lines) {
      const failed = lines.filter(({ outcome }) => outcome === "failed").length;
      const most = mostByChance(lines.length, alpha);
      const inTime = lines.filter(({ outcome, seconds }) => outcome === "passed" && seconds <= passedWithinS);
      return {
        words: `at most ${alpha * 100} % fail, 90 % pass within ${passedWithinS} s`,
        measured: `${failed} failed (by chance up to ${most}), ${inTime.length} passed in time`,
        isMet: failed <= most && inTime.length >= 0.9 * lines.length,
      };
    },
  };
}
