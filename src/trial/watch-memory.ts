/**
 * The proxy's memory while a trial opens its connections, and at the moments when nothing is measured: before the
 * first connection, when all are open, when the load is over, and when all are closed again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyFootprint } from "../proxy/proxy.js";
import type { SeenProxy } from "../proxy/seen-proxy.js";

type Meter = Pick<SeenProxy, "descriptors" | "residentBytes" | "exactBytes" | "footprint" | "knownFootprint">;

/** One look while the connections open; null for what the system does not tell, or what was not looked at. */
export interface MemoryPoint {
  /** That the proxy had then, handshakes included, by its descriptors. */
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

interface MemoryWatch {
  /** The connections begin to open. @param countOpen connections open by now */
  opening(countOpen: () => number): void;
  opened(): Promise<void>;
  drained(): Promise<void>;
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
/** Looks at the exact memory hold the proxy's memory locks: together for no longer than this. */
const exactBudgetMs = 30;
/** How long the proxy may take to come to rest after its start, and after the last close. */
const restLimitMs = 100;
const restPollMs = 5;

/** @param requested connections that will be opened */
export async function watchMemory(proxy: Meter, requested: number): Promise<MemoryWatch> {
  const before = await whenStarted(proxy);
  const glances: Glance[] = before === null ? [] : [before];
  const exactBytes = exactReader(proxy);
  let timer: NodeJS.Timeout | undefined;
  let countAll = (): number => 0;
  let openedCount = 0;
  let opened: ProxyFootprint | null = null;
  let loaded: ProxyFootprint | null = null;
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    clearInterval(timer);
  };
  return {
    opening(countOpen) {
      if (before === null) return;
      countAll = countOpen;
      let next = requested / looks;
      timer = setInterval(() => {
        const open = countOpen();
        if (open < next) return;
        next = open + requested / looks;
        glanceAt(proxy, glances.length % exactEvery === 0 ? exactBytes : null).then(
          (glance) => void (isOver || glances.push(glance)),
          // That there is nobody to ask any more is told by others.
          () => undefined,
        );
      }, lookEveryMs);
    },
    async opened() {
      stop();
      openedCount = countAll();
      opened = await proxy.knownFootprint();
      if (opened !== null) glances.push(opened);
    },
    async drained() {
      loaded = await proxy.knownFootprint();
    },
    async finish() {
      stop();
      const after = before && (await whenClosed(proxy, before));
      return { before, points: pointsOf(glances, openedCount), opened, loaded, after };
    },
    stop,
  };
}

type Glance = Pick<ProxyFootprint, "rssBytes" | "pssBytes"> & { readonly descriptors: number | null };

/**
 * A proxy allots memory when it accepts a connection, and the generator counts it when the upgrade is done: a hundred
 * handshakes under way would bend the line. So connections are counted by the proxy's own descriptors, of which it
 * has as many for each in the end.
 * @param glances the first before any connection, the last with all of them open
 */
function pointsOf(glances: readonly Glance[], opened: number): readonly MemoryPoint[] {
  const first = glances[0]?.descriptors ?? null;
  const last = glances.at(-1)?.descriptors ?? null;
  if (first === null || last === null || last <= first) return [];
  return glances.flatMap(({ descriptors, rssBytes, pssBytes }) =>
    descriptors === null
      ? []
      : [{ connections: ((descriptors - first) / (last - first)) * opened, rssBytes, pssBytes }],
  );
}

/** Connections open while the exact memory is being read: their number is that of halfway. */
async function glanceAt(proxy: Meter, exactBytes: (() => Promise<number | null>) | null): Promise<Glance> {
  // All are asked at once, and answered one after the other.
  const [first, rssBytes, pssBytes, last] = await Promise.all([
    proxy.descriptors(),
    proxy.residentBytes(),
    exactBytes?.() ?? null,
    exactBytes === null ? null : proxy.descriptors(),
  ]);
  if (pssBytes === null) return { descriptors: first, rssBytes, pssBytes };
  return { descriptors: first === null || last === null ? null : (first + last) / 2, rssBytes, pssBytes };
}

function exactReader(proxy: Meter): () => Promise<number | null> {
  let spentMs = 0;
  return async () => {
    if (spentMs > exactBudgetMs) return null;
    const startMs = performance.now();
    const bytes = await proxy.exactBytes();
    spentMs += performance.now() - startMs;
    return bytes;
  };
}

/** A proxy takes connections a moment before its workers have all they need. */
async function whenStarted(proxy: Meter): Promise<ProxyFootprint | null> {
  let before = await proxy.footprint();
  for (let waitedMs = 0; before !== null && waitedMs < restLimitMs; waitedMs += restPollMs) {
    await sleep(restPollMs);
    const now = await proxy.knownFootprint();
    if (now?.rssBytes === before.rssBytes && now.descriptors === before.descriptors) return now;
    before = now;
  }
  return before;
}

/** The proxy hears of the last closes a moment after the generator has made them. */
async function whenClosed(proxy: Meter, before: ProxyFootprint): Promise<ProxyFootprint | null> {
  for (let waitedMs = 0; ; waitedMs += restPollMs) {
    const now = await proxy.knownFootprint();
    if (now === null || now.descriptors <= before.descriptors || waitedMs >= restLimitMs)
      return proxy.footprint();
    await sleep(restPollMs);
  }
}
