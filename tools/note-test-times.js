/**
 * Loaded into every process of tests by `npm test -- --times`: notes at its end how long it ran, and the CPU time that it and
 * what it started used.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { isMainThread } from "node:worker_threads";

const TICKS_PER_S = 100;
const file = process.argv[1];
const notes = process.env.WSRALLY_TEST_TIMES;
const isTest = file !== undefined && /\.test\.js$|shared-\w+-\d+\.js$/.test(file);

/** The CPU seconds of the children that ended, at any depth, as /proc/self/stat has them (cutime and cstime, proc(5)). */
function childrenCpuS() {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_S;
  } catch {
    return 0;
  }
}

if (isMainThread && notes !== undefined && isTest) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    const cpuS = (user + system) / 1e6 + childrenCpuS();
    const note = { file: relative("dist-test", file), wallS: performance.now() / 1000, cpuS };
    appendFileSync(notes, `${JSON.stringify(note)}\n`);
  });
}
