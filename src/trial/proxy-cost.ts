/**
 * What a trial cost the proxy: processor time a message, memory a connection, and how its workers shared the work.
 */
import type { ProxyFootprint, ProxyUsage } from "../proxy/proxy.js";
import { theilSenSlope } from "../stats/theil-sen.js";
import type { SlotCost } from "./epoch/slot-cost.js";
import type { MemoryPoint, TrialMemory } from "./watch-memory.js";

/** One process or thread that does the proxy's work. */
interface WorkerCost {
  /** Its command line, such as `nginx: worker process is shutting down`; null when it has none. */
  readonly title: string | null;
  /** Null for one that did not run through the whole window. */
  readonly cpuShare: number | null;
  /** Null for a thread, which shares its process's. */
  readonly descriptors: number | null;
}

/** Null for what was not measured. Names and meanings: `proxyCostSchema`. */
export interface ProxyCost {
  readonly cpuUsPerMessage: number | null;
  readonly cpuUsPerFanout: number | null;
  readonly userCpuUsPerMessage: number | null;
  readonly systemCpuUsPerMessage: number | null;
  readonly cpuShare: number | null;
  readonly idleCpuShare?: number;
  readonly contextSwitchesPerMessage: number | null;
  readonly involuntarySwitchesPerMessage: number | null;
  readonly rssBytes: number | null;
  readonly rssBytesBefore: number | null;
  readonly rssBytesPeak: number | null;
  readonly rssBytesAfter: number | null;
  readonly pssBytes: number | null;
  readonly pssBytesBefore: number | null;
  readonly pssBytesAfter: number | null;
  readonly rssBytesPerConnection: number | null;
  readonly pssBytesPerConnection: number | null;
  readonly activeBytesPerConnection: number | null;
  readonly memoryPoints: number;
  readonly descriptors: number | null;
  readonly descriptorsBefore: number | null;
  readonly descriptorsAfter: number | null;
  readonly processes: number | null;
  readonly workers: readonly WorkerCost[];
}

export interface CostReadings {
  /** Around the measured window, this far apart. */
  readonly first: ProxyUsage;
  readonly last: ProxyUsage;
  readonly lengthNs: number;
  /** What of it was in the arm's own slots, of a time shared with others; null, or left out: all of it, or nobody told. */
  readonly ownSlots?: SlotCost | null;
  /** Processes or threads that carry connections, by the config; null where it does not tell. */
  readonly workers: number | null;
  /** Messages that clients got in between, replies and what came unasked; a number that need not be whole. */
  readonly messages: number;
  /** Messages to rooms meanwhile, and the share that they and their deliveries had in all that was relayed. */
  readonly rooms: { readonly casts: number; readonly share: number };
  readonly memory: TrialMemory;
  /** Connections open when the load began, and when it ended. */
  readonly opened: number;
  readonly held: number;
}

/** Fewer ticks than these, and the rounding of both counts would shift their proportion by more than a tenth. */
const leastTicks = 10;
/** Fewer points or connections, and one page more or less decides the slope. */
const leastPoints = 5;
const leastConnections = 50;

export function proxyCostOf(readings: CostReadings): ProxyCost {
  const { first, last, lengthNs, messages, rooms, memory, ownSlots = null } = readings;
  const { before, loaded, after } = memory;
  const grown = (field: NumericField): number | null => difference(last[field], first[field]);
  const aMessage = (value: number | null): number | null =>
    value === null || messages === 0 ? null : value / messages;
  const cpuNs = ownSlots?.cpuNs ?? grown("cpuNs");
  const cpuMessages = ownSlots?.messages ?? messages;
  const cpuUsPerMessage = cpuNs === null || cpuMessages === 0 ? null : cpuNs / 1e3 / cpuMessages;
  const userShare = shareOf(grown("userTicks"), grown("systemTicks"));
  const voluntary = grown("voluntarySwitches");
  const involuntary = grown("involuntarySwitches");
  return {
    cpuUsPerMessage,
    userCpuUsPerMessage: product(cpuUsPerMessage, userShare),
    systemCpuUsPerMessage: product(cpuUsPerMessage, userShare === null ? null : 1 - userShare),
    cpuUsPerFanout: cpuNs === null || rooms.casts === 0 ? null : ((cpuNs / 1e3) * rooms.share) / rooms.casts,
    cpuShare: cpuNs === null ? null : cpuNs / (ownSlots?.lengthNs ?? lengthNs),
    ...(ownSlots === null ? {} : { idleCpuShare: ownSlots.idleCpuShare }),
    contextSwitchesPerMessage: aMessage(
      voluntary === null || involuntary === null ? null : voluntary + involuntary,
    ),
    involuntarySwitchesPerMessage: aMessage(involuntary),
    rssBytes: last.rssBytes,
    rssBytesBefore: before?.rssBytes ?? null,
    rssBytesPeak: greatest([
      loaded?.rssBytesPeak,
      after?.rssBytesPeak,
      last.rssBytes,
      ...memory.points.map(({ rssBytes }) => rssBytes),
    ]),
    rssBytesAfter: after?.rssBytes ?? null,
    pssBytes: loaded?.pssBytes ?? null,
    pssBytesBefore: before?.pssBytes ?? null,
    pssBytesAfter: after?.pssBytes ?? null,
    rssBytesPerConnection: bytesPerConnection(memory.points, "rssBytes"),
    pssBytesPerConnection: bytesPerConnection(memory.points, "pssBytes"),
    activeBytesPerConnection: activeBytes(readings),
    memoryPoints: memory.points.filter(({ rssBytes }) => rssBytes !== null).length,
    descriptors: loaded?.descriptors ?? null,
    descriptorsBefore: before?.descriptors ?? null,
    descriptorsAfter: after?.descriptors ?? null,
    processes: loaded?.processes.length ?? null,
    workers: loaded === null ? [] : workersOf(loaded, readings),
  };
}

/** Of a processor, of the worker that used most; of all processes together where workers are not told apart. */
export function busiestWorkerShare({ workers, cpuShare }: ProxyCost): number | null {
  const shares = workers.flatMap((worker) => worker.cpuShare ?? []);
  return shares.length > 0 ? Math.max(...shares) : cpuShare;
}

type NumericField = {
  [Field in keyof ProxyUsage]: ProxyUsage[Field] extends number | null ? Field : never;
}[keyof ProxyUsage];

/** The share of the first; null with too few ticks to tell. */
function shareOf(userTicks: number | null, systemTicks: number | null): number | null {
  if (userTicks === null || systemTicks === null || userTicks + systemTicks < leastTicks) return null;
  return userTicks / (userTicks + systemTicks);
}

/** Null with too few points, or connections, for a slope that means anything. */
function bytesPerConnection(points: readonly MemoryPoint[], field: "rssBytes" | "pssBytes"): number | null {
  const known = points.flatMap((point): [number, number][] => {
    const bytes = point[field];
    return bytes === null ? [] : [[point.connections, bytes]];
  });
  const widest = Math.max(0, ...known.map(([connections]) => connections));
  return known.length < leastPoints || widest < leastConnections ? null : theilSenSlope(known);
}

/**
 * An open connection's bytes, plus what the same connections have grown by once they carried messages: proxies allot
 * some buffers only then (nginx: one of `proxy_buffer_size` for the client's direction).
 */
function activeBytes({ memory, opened, held }: CostReadings): number | null {
  const { points } = memory;
  const idle = bytesPerConnection(points, "pssBytes") ?? bytesPerConnection(points, "rssBytes");
  const grown = difference(memory.loaded?.pssBytes ?? null, memory.opened?.pssBytes ?? null);
  // Connections that were lost on the way have given their memory back.
  return idle === null || grown === null || opened === 0 || held < opened ? null : idle + grown / opened;
}

/** The main process does the work only where it has no others. */
function workersOf({ processes }: ProxyFootprint, readings: CostReadings): WorkerCost[] {
  const others = processes.filter(({ isMain, isHelper }) => !isMain && !isHelper);
  const [lone, ...more] = others.length === 0 ? processes : others;
  const threads = lone === undefined || more.length > 0 ? [] : threadsOf(lone, readings);
  if (threads.length > 0 || lone === undefined) return threads;
  const { first, last, lengthNs } = readings;
  return [lone, ...more].map(({ pid, title, descriptors }) => {
    const cpuNs = difference(processOf(last, pid)?.cpuNs ?? null, processOf(first, pid)?.cpuNs ?? null);
    return { title, cpuShare: cpuNs === null ? null : cpuNs / lengthNs, descriptors };
  });
}

function processOf({ processes }: ProxyUsage, pid: number): ProxyUsage["processes"][number] | null {
  return processes.find((one) => one.pid === pid) ?? null;
}

/** Of a process's time; with less of it in as many threads as it has workers, its work goes from thread to thread. */
const leastInThreads = 0.9;

/** The threads of a process that has a thread for each worker; none where it has not. */
function threadsOf(
  { pid, title }: ProxyFootprint["processes"][number],
  { first, last, lengthNs, workers }: CostReadings,
): WorkerCost[] {
  if (workers === null || workers < 2) return [];
  const before = processOf(first, pid)?.threads;
  const spent = [...(processOf(last, pid)?.threads ?? [])]
    .map(([thread, cpuNs]) => cpuNs - (before?.get(thread) ?? cpuNs))
    .sort((a, b) => b - a);
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const busiest = spent.slice(0, workers);
  if (busiest.length < workers || sumOf(busiest) < leastInThreads * sumOf(spent)) return [];
  return busiest.map((cpuNs) => ({
    title: title === null ? null : `${title} (a thread)`,
    cpuShare: cpuNs / lengthNs,
    descriptors: null,
  }));
}

function difference(last: number | null, first: number | null): number | null {
  return last === null || first === null ? null : last - first;
}

function product(value: number | null, share: number | null): number | null {
  return value === null || share === null ? null : value * share;
}

function greatest(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === "number");
  return known.length === 0 ? null : Math.max(...known);
}
