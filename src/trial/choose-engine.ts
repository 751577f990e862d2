/**
 * Which engine drives a run: one for all its arms, or they could not be compared.
 */
import { UsageError } from "../base/errors.js";
import { isIoUringUsable } from "../linux/is-io-uring-usable.js";
import { isLinuxLayerAvailable, type LayerAvailability } from "../linux/linux-layer.js";
import { isOpenSslAvailable } from "../linux/openssl.js";
import type { EngineName } from "../load/messages.js";
import type { PreparedProxy } from "../proxy/proxy.js";
import { hasUnasked } from "../scenario/unasked.js";
import type { PreparedArm } from "./prepare-arms.js";

/** What this machine lets the engines have; asked only where the answer matters. */
export interface EngineSupport {
  readonly layer: () => LayerAvailability;
  readonly openSsl: () => LayerAvailability;
  readonly ioUring: () => LayerAvailability;
}

const hereSupport: EngineSupport = {
  layer: isLinuxLayerAvailable,
  openSsl: isOpenSslAvailable,
  ioUring: isIoUringUsable,
};

/** Whether an engine that stamps replies serves whatever arms there are, with TLS or without. */
export function hasStamps({ layer, openSsl }: EngineSupport = hereSupport): boolean {
  return layer().available && openSsl().available;
}

type Load = readonly (Pick<PreparedArm, "plan"> & { readonly proxy: Pick<PreparedProxy, "tls"> })[];

/**
 * The lightest engine that serves every arm and measures its loop as well as any, unless one was asked for.
 * @throws UsageError when the one asked for cannot
 */
export function chooseEngine(arms: Load, support: EngineSupport = hereSupport): EngineName {
  const asked = arms[0]?.plan.workload.engine ?? "auto";
  switch (asked) {
    case "ws":
      return "ws";
    case "epoll":
      demand("epoll", epollObstacle(arms, support), "--engine ws can");
      return "epoll";
    case "io_uring":
      demand("io_uring", uringObstacle(arms, support), "--engine auto takes one that can");
      return "io_uring";
    default:
      demandStamps(arms, support);
      if (speaksHttp2(arms)) demand("epoll", epollObstacle(arms, support), "over HTTP/2 nothing else can");
      if (isClosed(arms) && uringObstacle(arms, support) === null) return "io_uring";
      return epollObstacle(arms, support) === null ? "epoll" : "ws";
  }
}

/**
 * io_uring gathers sends, which costs less where the processor is the limit and lets the first of them wait where a
 * schedule is: by `npm run bench` its wire p50 lay 22 µs (44 with a busy processor) above the truth, epoll's 10 (17).
 */
function isClosed(arms: Load): boolean {
  return arms.every(({ plan }) => plan.workload.loop.kind === "closed");
}

function speaksHttp2(arms: Load): boolean {
  return arms.some(({ plan }) => plan.workload.http === 2);
}

function demand(engine: EngineName, obstacle: string | null, cure: string): void {
  if (obstacle !== null) throw new UsageError(`Cannot use --engine ${engine}: ${obstacle}; ${cure}`);
}

/** @throws UsageError where what the backend sends unasked could not be timed */
function demandStamps(arms: Load, support: EngineSupport): void {
  const obstacle = epollObstacle(arms, support);
  if (obstacle === null || !arms.some(({ plan }) => hasUnasked(plan.workload))) return;
  throw new UsageError(
    `Cannot time push or fanout here: it takes the kernel's stamps, which the epoll engine has, and ${obstacle}`,
  );
}

/** Why the epoll engine cannot serve; null when it can. */
function epollObstacle(arms: Load, { layer, openSsl }: EngineSupport): string | null {
  if (arms.some(({ plan }) => plan.workload.deflate)) return "it does not compress";
  return reasonOf(layer()) ?? (arms.some(({ proxy }) => proxy.tls) ? reasonOf(openSsl()) : null);
}

/** Why the io_uring engine cannot. */
function uringObstacle(arms: Load, { ioUring }: EngineSupport): string | null {
  if (arms.some(({ plan }) => plan.workload.deflate)) return "it does not compress";
  if (speaksHttp2(arms)) return "it does not speak HTTP/2";
  if (arms.some(({ proxy }) => proxy.tls)) return "it does not speak TLS";
  return reasonOf(ioUring());
}

function reasonOf(availability: LayerAvailability): string | null {
  return availability.available ? null : availability.reason;
}
