/**
 * Who takes part in the closed loop, each in a process of its own: the C floor, and every engine that wsrally has.
 * Another tool (k6, wrk …) joins as one more entry of this list when `findOnPath` finds it: `run` starts it on the
 * generator's processor and gives its figures over the measured window.
 */
import { fileURLToPath } from "node:url";
import { engineNames } from "../../build/scenario/workload.js";
import { runOn } from "./child-processes.js";
import { generatorCpu } from "./cpus.js";

const generatorFile = fileURLToPath(new URL("./generator.js", import.meta.url));

/** `auto` is a choice among the others. */
export const engines = engineNames.filter((name) => name !== "auto");

/** @param isTls io_uring speaks none */
export function enginesFor(isTls) {
  return isTls ? engines.filter((engine) => engine !== "io_uring") : engines;
}

/** @param job as generator.js takes it */
export function runGenerator(job, { cpu = generatorCpu, timeoutS = 60 } = {}) {
  const args = ["--expose-gc", generatorFile, JSON.stringify(job)];
  return runOn(cpu, process.execPath, args, { timeoutS });
}

/** The floor; null without a C compiler. */
export function floorOf(cPrograms) {
  if (cPrograms === null) return null;
  return {
    name: "c",
    run: ({ address, port, connections, warmupMs, windowMs }) =>
      runOn(generatorCpu, cPrograms.cLoop, [address, port, connections, warmupMs, windowMs].map(String)),
  };
}

/** @returns {{ name: string, run: (job: { address, port, connections, warmupMs, windowMs }) => Promise<object> }[]} */
export function contestants(cPrograms) {
  const ours = engines.map((engine) => ({ name: engine, run: (job) => runGenerator({ engine, ...job }) }));
  return [floorOf(cPrograms), ...ours].filter((contestant) => contestant !== null);
}
