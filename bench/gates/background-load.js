/** Other programs at work on the machine: one on every processor, busy half of the time in turns of uneven length. */
import { fileURLToPath } from "node:url";
import { cpuAffinityOf } from "../../build/linux/cpu-affinity.js";
import { spawnOn } from "../support/cpus.js";

const program = fileURLToPath(new URL("busy-program.js", import.meta.url));
/** Longer than any gate; each ends by itself by then, whatever became of the bench. */
const longestS = 15 * 60;

/** @returns ends them, each by its own id, and waits until they are gone */
export async function startBackgroundLoad() {
  const children = cpuAffinityOf(0).map((cpu, seed) =>
    spawnOn(cpu, process.execPath, [program, String(longestS), String(seed + 1)], { stdio: "ignore" }),
  );
  return async () => {
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await ended;
      }),
    );
  };
}
