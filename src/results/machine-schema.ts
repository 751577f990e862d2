/**
 * The fingerprint of a machine in files that outlive their run: what must be alike before absolute figures of two runs
 * may be mentioned together at all.
 */
import { z } from "zod";
import { type Environment, environmentSchema } from "./environment-schema.js";

export const machineSchema = environmentSchema
  .pick({ os: true, kernel: true, arch: true, cpuModel: true, cpus: true, memoryBytes: true, node: true })
  .extend({
    /** Null where it was not recorded or cannot be told. */
    hypervisor: z.string().nullable(),
    container: z.string().nullable(),
  });

export type Machine = z.infer<typeof machineSchema>;

export function machineOf(environment: Environment): Machine {
  const { os, kernel, arch, cpuModel, cpus, memoryBytes, node, virtualisation } = environment;
  return {
    os,
    kernel,
    arch,
    cpuModel,
    cpus,
    memoryBytes,
    node,
    hypervisor: virtualisation?.hypervisor ?? null,
    container: virtualisation?.container ?? null,
  };
}

/** Total memory differs by what a kernel keeps for itself, without another machine being meant. */
const memorySlack = 0.02;

interface MachineDifference {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Every difference that makes absolute figures incomparable; of versions the first two numbers count. */
export function machineDifferences(before: Machine, after: Machine): MachineDifference[] {
  const rows: readonly (readonly [what: string, read: (machine: Machine) => string | null])[] = [
    ["operating system", ({ os, arch }) => `${os} ${arch}`],
    ["kernel", ({ kernel }) => minorOf(kernel)],
    ["processor", ({ cpuModel }) => cpuModel],
    ["number of processors", ({ cpus }) => String(cpus)],
    ["hypervisor", ({ hypervisor }) => hypervisor],
    ["container", ({ container }) => container],
    ["Node", ({ node }) => minorOf(node.replace(/^v/, ""))],
  ];
  const differing = rows.flatMap(([what, read]) => {
    const [old, now] = [read(before), read(after)];
    return old === now ? [] : [{ what, before: old ?? "unknown", after: now ?? "unknown" }];
  });
  const greater = Math.max(before.memoryBytes, after.memoryBytes);
  if (Math.abs(before.memoryBytes - after.memoryBytes) <= memorySlack * greater) return differing;
  return [...differing, { what: "memory", before: inGiB(before), after: inGiB(after) }];
}

function minorOf(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

function inGiB({ memoryBytes }: Machine): string {
  return `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`;
}
