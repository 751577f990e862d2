/**
 * Processes that a run has left behind: known by the temporary folder in their environment, which the test chose.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Command lines of living processes that run with this TMPDIR. */
export function processesWithTmpdir(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
        if (!environment.includes(`TMPDIR=${folder}`)) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim()];
      } catch {
        // It has ended meanwhile, or is not ours to look at.
        return [];
      }
    })
    .filter((commandLine) => commandLine !== "");
}

/** Waits until none is left, up to a generous limit. @returns those that still are */
export async function awaitNoProcesses(folder: string): Promise<string[]> {
  for (let attempt = 0; attempt < 100 && processesWithTmpdir(folder).length > 0; attempt++) await sleep(50);
  return processesWithTmpdir(folder);
}
