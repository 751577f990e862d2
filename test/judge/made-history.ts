/** Histories made by a generator from the schema's types: as long as no test could measure. */
import { createPrng } from "#wsrally/base/prng.js";
import { type HistoryEntry, historyEntrySchema } from "#wsrally/results/history-entry.js";

type Ratio = HistoryEntry["ratios"][number];

export const machines: Readonly<Record<"small" | "large", HistoryEntry["machine"]>> = {
  small: {
    os: "linux",
    kernel: "6.1.0-31-amd64",
    arch: "x64",
    cpuModel: "AMD EPYC 7763",
    cpus: 2,
    memoryBytes: 8_323_203_072,
    node: "20.20.2",
    hypervisor: "unnamed",
    container: null,
  },
  large: {
    os: "linux",
    kernel: "6.8.0",
    arch: "x64",
    cpuModel: "Intel Xeon 8370C",
    cpus: 4,
    memoryBytes: 16_646_406_144,
    node: "22.11.0",
    hypervisor: "none",
    container: null,
  },
};

export const load = { connections: 1000, loop: { kind: "paced", share: 0.3 } };

export function historyArm(
  name: string,
  changes: Partial<HistoryEntry["arms"][number]> = {},
): HistoryEntry["arms"][number] {
  return {
    name,
    group: "",
    isBaseline: name === "reference",
    kind: "nginx",
    version: "1.31.3",
    configSha256: name === "reference" ? "aa11".repeat(16) : "bb22".repeat(16),
    load,
    ...changes,
  };
}

/** Run number `at`, one a day. */
export function historyEntry(at: number, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const startedAt = new Date(Date.UTC(2026, 0, 3 + at, 9, 30)).toISOString();
  return historyEntrySchema.parse({
    schemaVersion: 1,
    toolVersion: "0.1.0",
    runId: `${startedAt.slice(0, 19).replace(/:/g, "-")}-site-${(4096 + at).toString(16)}`,
    startedAt,
    scenario: "site",
    commit: { sha: (0x10000 + at * 7919).toString(16).padEnd(40, "c"), dirty: false, branch: "main" },
    machine: at % 3 === 0 ? machines.large : machines.small,
    arms: [historyArm("reference"), historyArm("site")],
    ratios: [ratioOf({ logRatio: 0 })],
    ...changes,
  });
}

export function ratioOf(changes: Partial<Ratio>): Ratio {
  return {
    arm: "site",
    reference: "reference",
    metric: "roundTrip.p50",
    blocks: 24,
    logRatio: 0,
    se: 0.012,
    ...changes,
  };
}

/** Runs whose log ratio lies at `levelOf(run)`, within noise of 2 %, as runs of this project's plan have it. */
export function madeHistory(runs: number, levelOf: (run: number) => number, seed = 5): HistoryEntry[] {
  const prng = createPrng(seed);
  // Twelve uniform numbers less six are nearly normal.
  const normal = (): number => Array.from({ length: 12 }, () => prng.nextFloat()).reduce((a, b) => a + b) - 6;
  return Array.from({ length: runs }, (_, at) =>
    historyEntry(at, {
      ratios: [
        ratioOf({ logRatio: levelOf(at) + 0.02 * normal() }),
        ratioOf({ metric: "cpuUsPerMessage", logRatio: -0.1 + 0.02 * normal() }),
      ],
    }),
  );
}
