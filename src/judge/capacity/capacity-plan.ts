/**
 * What it takes to carry a given load, from what was measured here: workers, memory, and the directives that go with
 * them. Every assumption is said, for each may be wrong on another machine.
 */
import type { ArmCapacity, Capacity, CapacityPlan } from "../../results/capacity-schema.js";
import type { PlanWish } from "../../scenario/plan-wish.js";

/** More workers than this are no plan. */
const workersMost = 1024;

interface PlanTerms {
  readonly scalability: Capacity["scalability"];
  /** What the proxy's config needs for so many connections and workers, a line each. */
  directives(connections: number, workers: number): readonly string[];
  /** Whether costs were asked for. */
  readonly costs: boolean;
}

export function capacityPlan(
  wish: PlanWish,
  arm: ArmCapacity,
  { scalability, directives, costs }: PlanTerms,
): CapacityPlan | null {
  const { ratePerS, cost } = arm;
  if (ratePerS === null) return null;
  const { connections, messagesPerSEach } = wish;
  const demand = connections * messagesPerSEach;
  const workers = workersFor(demand, arm, scalability);
  const bytes = cost?.bytesPerConnection ?? null;
  const handshake = cost?.cpuUsPerHandshake ?? null;
  const lines = workers === null ? [] : directives(connections, workers);
  return {
    connections,
    messagesPerSEach,
    workers,
    memoryBytes:
      bytes === null ? null : Math.max(0, cost?.baseBytes ?? 0) + connections * (bytes.high ?? bytes.value),
    workerConnections: numberOf("worker_connections", lines),
    openFilesPerWorker: numberOf("worker_rlimit_nofile", lines),
    directives: [...lines],
    reconnectS:
      handshake === null || workers === null ? null : (connections * handshake.value) / 1e6 / workers,
    assumptions: assumptions(arm, { scalability, costs }),
  };
}

/** What a directive of a plan is set to; null where no line sets it. */
function numberOf(name: string, lines: readonly string[]): number | null {
  const found = new RegExp(`\\b${name} (\\d+)`).exec(lines.join("\n"));
  return found === null ? null : Number(found[1]);
}

/** By the lower end of the measured capacity. */
function workersFor(
  demand: number,
  { ratePerS, workers }: ArmCapacity,
  scalability: Capacity["scalability"],
): number | null {
  if (ratePerS === null || !(ratePerS.low > 0)) return null;
  for (let n = 1; n <= workersMost; n++) {
    const carried =
      scalability === null
        ? (ratePerS.low / workers) * n
        : ratePerS.low * (relative(n, scalability) / relative(workers, scalability));
    if (carried >= demand) return n;
  }
  return null;
}

/** What n workers carry of what one does. */
function relative(n: number, { contention, coherency }: NonNullable<Capacity["scalability"]>): number {
  return n / (1 + contention * (n - 1) + coherency * n * (n - 1));
}

function assumptions(
  { steps, workers, cost }: ArmCapacity,
  { scalability, costs }: Omit<PlanTerms, "directives">,
): string[] {
  const [step] = steps.filter(({ kind }) => kind === "search");
  const message = step?.payloadBytes == null ? "the text ping" : `${step.payloadBytes} bytes, there and back`;
  const connections = step?.connections.toLocaleString("en") ?? "-";
  return [
    `messages of ${message}, spread evenly, within the SLO at the lower end of the interval`,
    `measured with ${connections} connections; with many more of them a message costs more, for caches no longer hold them`,
    `processors like this one, one for each worker (${workers} measured), with nothing else to do on them`,
    scalability === null
      ? "workers that carry in proportion to their number: no other number was run"
      : "workers that carry by the Universal Scalability Law fitted here, beyond the numbers that were run",
    "connections spread evenly over the workers",
    cost?.bytesPerConnection == null
      ? `memory is not told: ${costs ? "it was not measured to the end (--max-seconds gives it more time)" : "--costs measures it"}`
      : "memory of the proxy's processes by the upper end of the slope; the kernel's socket buffers come on top",
  ];
}
