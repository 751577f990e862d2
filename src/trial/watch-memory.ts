/**
 * The proxy's memory while a trial opens its connections, and at the moments when nothing is measured: before the
 * first connection, when all are open, when the load is over, and when all are closed again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyFootprint, ProxyMeter } from "../proxy/proxy.js";

/** One look while the connections open; null for what the system does not tell, or what was not looked at. */
export interface MemoryPoint {
  readonly connections: number;
  readonly rssBytes: number | null;
  readonly pssBytes: number | null;
}

export interface TrialMemory {
  readonly before: ProxyFootprint | null;
  readonly points: readonly MemoryPoint[];
  /** All connections are open and no message has been sent. */
  readonly opened: ProxyFootprint | null;
  /** The load is over, and the connections that it left are still open. */
  readonly loaded: ProxyFootprint | null;
  /** All connections are closed. */
  readonly after: ProxyFootprint | null;
}

export interface MemoryWatch {
  /** The connections begin to open. @param connections open by now */
  opening(connections: () => number): void;
  opened(): void;
  drained(): void;
  /** After the connections have been closed. Waits a little for the proxy to close its own. */
  finish(): Promise<TrialMemory>;
  /** Ends the looking; for a trial that ended early. */
  stop(): void;
}

const lookEveryMs = 2;
/** Looks while connections open, spread evenly over them. */
const looks = 32;
/** Every second one takes the exact memory too, which costs more. */
const exactEvery = 2;
/** A look at the exact memory that takes longer holds the proxy's memory lock for too long: it is the last one. */
const exactLimitMs = 3;
/** How long the proxy may take to come to rest after its start, and after the last close. */
const restLimitMs = 100;
const restPollMs = 5;

/** @param requested connections that will be opened */
export async function watchMemory(proxy: ProxyMeter, requested: number): Promise<MemoryWatch> {
  const before = await whenStarted(proxy);
  const points: MemoryPoint[] = before === null ? [] : [pointOf(0, before)];
  const exactBytes = exactReader(proxy);
  let timer: NodeJS.Timeout | undefined;
  let countOpen = (): number => 0;
  let opened: ProxyFootprint | null = null;
  let loaded: ProxyFootprint | null = null;
  const stop = (): void => clearInterval(timer);
  return {
    opening(connections) {
      if (before === null) return;
      countOpen = connections;
      let next = requested / looks;
      timer = setInterval(() => {
        const open = connections();
        if (open < next) return;
        next = open + requested / looks;
        const isExact = points.length % exactEvery === 0;
        const pssBytes = isExact ? exactBytes() : null;
        points.push({ connections: open, rssBytes: proxy.residentBytes(), pssBytes });
      }, lookEveryMs);
    },
    opened() {
      stop();
      opened = proxy.footprint();
      if (opened !== null) points.push(pointOf(countOpen(), opened));
    },
    drained() {
      loaded = proxy.footprint();
    },
    async finish() {
      stop();
      return { before, points, opened, loaded, after: before && (await whenClosed(proxy, before)) };
    },
    stop,
  };
}

function pointOf(connections: number, { rssBytes, pssBytes }: ProxyFootprint): MemoryPoint {
  return { connections, rssBytes, pssBytes };
}

function exactReader(proxy: ProxyMeter): () => number | null {
  let isTooSlow = false;
  return () => {
    if (isTooSlow) return null;
    const startMs = performance.now();
    const bytes = proxy.exactBytes();
    isTooSlow = performance.now() - startMs > exactLimitMs;
    return bytes;
  };
}

/** A proxy takes connections a moment before its workers have all they need. */
async function whenStarted(proxy: ProxyMeter): Promise<ProxyFootprint | null> {
  let before = proxy.footprint();
  for (let waitedMs = 0; before !== null && waitedMs < restLimitMs; waitedMs += restPollMs) {
    await sleep(restPollMs);
    const now = proxy.footprint();
    if (now?.rssBytes === before.rssBytes && now.descriptors === before.descriptors) return now;
    before = now;
  }
  return before;
}

/** The proxy hears of the last closes a moment after the generator has made them. */
async function whenClosed(proxy: ProxyMeter, before: ProxyFootprint): Promise<ProxyFootprint | null> {
  for (let waitedMs = 0; ; waitedMs += restPollMs) {
    const now = proxy.footprint();
    if (now === null || now.descriptors <= before.descriptors || waitedMs >= restLimitMs) return now;
    await sleep(restPollMs);
  }
}
