/**
 * Where what runs: the generator on the last processor, the backend on the first. With only one they share it, and
 * figures by the clock mean little.
 */
import { cpuAffinityOf, setCpuAffinity } from "../../build/linux/cpu-affinity.js";
import { guard } from "./own.js";

const allowed = cpuAffinityOf(0);

export const backendCpu = allowed[0];
export const generatorCpu = allowed.at(-1);

/** A child inherits the processors of the thread that starts it, so this thread goes there for that moment. */
export function spawnOn(cpu, command, args, options) {
  setCpuAffinity(0, [cpu]);
  try {
    return guard.spawn(command, args, options);
  } finally {
    setCpuAffinity(0, allowed);
  }
}
