/**
 * The process that sees packets come to a proxy and leave it, in the network namespace that it was started in, until its
 * parent is gone.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, messageOf } from "../base/errors.js";
import { PacketRing } from "../linux/packet-ring.js";
import { RealtimeOffset } from "../linux/realtime-offset.js";
import { captureFilter } from "./capture-filter.js";
import type { DirectionTally } from "./passage.js";
import { RelayedConnections } from "./relayed-connections.js";
import type {
  DirectionFigures,
  ResidenceFigures,
  ResidenceReply,
  ResidenceRequest,
} from "./residence-messages.js";

/** The ring holds a hundred times as much. */
const lookEveryMs = 5;
/** By then the kernel has handed over a block that was not full. */
const lastBlockMs = 30;

/** One load's. */
interface Watch {
  readonly seen: RelayedConnections;
  readonly clock: RealtimeOffset;
  readonly beganAt: number;
  readonly cpuBefore: NodeJS.CpuUsage;
  readonly looks: NodeJS.Timeout;
}

let ring: PacketRing | null = null;
let watch: Watch | null = null;

const reply = (message: ResidenceReply): void => {
  process.send?.(message);
};

process.on("message", (request: ResidenceRequest) => {
  answer(request).then(reply, (thrown: unknown) => {
    const mayNot = ["EPERM", "EACCES"].includes(codeOf(thrown) ?? "");
    reply({ kind: "failed", message: messageOf(thrown), mayNot });
  });
});

// The run that owns this process is gone.
process.on("disconnect", () => process.exit(0));

async function answer(request: ResidenceRequest): Promise<ResidenceReply> {
  if (request.kind === "open") {
    ring = new PacketRing();
    return { kind: "done" };
  }
  if (ring === null) throw new Error("nothing is open");
  if (request.kind === "begin") {
    begin(ring, new RelayedConnections(request.ports));
    ring.take(captureFilter(request.ports));
    return { kind: "done" };
  }
  if (watch === null) throw new Error("nothing has begun");
  if (request.kind === "figures") return { kind: "figures", figures: await end(ring, watch) };
  const { seen, clock } = watch;
  for (const direction of [seen.up, seen.down])
    direction.setWindow(clock.realtimeOf(request.fromNs), clock.realtimeOf(request.toNs));
  return { kind: "done" };
}

function begin(from: PacketRing, seen: RelayedConnections): void {
  if (watch !== null) clearInterval(watch.looks);
  from.takeNothing();
  // What is left of the load before.
  from.drain(() => undefined);
  from.counts();
  const look = (): void => from.drain((...packet) => seen.take(...packet));
  watch = {
    seen,
    clock: new RealtimeOffset(),
    beganAt: performance.now(),
    cpuBefore: process.cpuUsage(),
    looks: setInterval(look, lookEveryMs),
  };
}

async function end(
  from: PacketRing,
  { seen, clock, beganAt, cpuBefore, looks }: Watch,
): Promise<ResidenceFigures> {
  from.takeNothing();
  await sleep(lastBlockMs);
  clearInterval(looks);
  from.drain((...packet) => seen.take(...packet));
  watch = null;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { taken, dropped } = from.counts();
  return {
    up: figuresOf(seen.up),
    down: figuresOf(seen.down),
    connections: seen.connections(),
    packets: taken,
    dropped,
    clockSetNs: clock.measure(),
    busyShare: (user + system) / 1e3 / (performance.now() - beganAt),
  };
}

function figuresOf({ came, left, strays, recorder }: DirectionTally): DirectionFigures {
  return { came, left, strays, histogram: left === 0 ? null : recorder.toHistogram().encode() };
}
