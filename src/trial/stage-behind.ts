/**
 * What a stage has for arms that are URLs with wsrally's backend behind them.
 */
import { randomBytes } from "node:crypto";
import type { Backend } from "../backend/backend-process.js";
import { startBehindBackend } from "../backend/behind-backend.js";
import type { PongServerOptions } from "../backend/pong-server.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { readHar } from "../scenario/replay/read-har.js";
import type { Scenario } from "../scenario/scenario.js";
import type { RunToken } from "../websocket/run-token.js";
import { findTokenPlace } from "./behind.js";
import type { PreparedArm } from "./prepare-arms.js";
import { targetOf } from "./target-of.js";
import type { TrafficObserver } from "./traffic.js";

/** An arm as it was found, and for one that is behind somebody else's proxy, with the way that its token takes. */
export async function reachedBehind(
  arm: PreparedArm,
  observer: TrafficObserver,
  signal: AbortSignal,
): Promise<PreparedArm> {
  const { behind, backend, plan } = arm;
  if (behind === null || backend === null) return arm;
  const proxy = await arm.proxy.start(signal);
  const withTicket = (ticket: RunToken): PreparedArm => ({ ...arm, behind: { ...behind, ticket } });
  const place = await findTokenPlace({
    armName: plan.name,
    behind,
    backend,
    targetWith: (ticket) => targetOf(withTicket(ticket), proxy.endpoint),
    sent: (traffic) => observer.sentAside(arm, "preflight", traffic),
  }).finally(proxy.stop);
  signal.throwIfAborted();
  return withTicket({ ...behind.ticket, place });
}

/** One backend behind all arms that are URLs, where that is asked for. */
export async function startBehind(
  { arms }: Scenario,
  guard: ProcessGuard,
): Promise<{ readonly backend: Backend; readonly token: string } | null> {
  const workload = arms.find(({ target }) => target.kind === "url")?.workload;
  if (workload === undefined || workload.behind === null) return null;
  const token = workload.token ?? randomBytes(16).toString("hex");
  const wish = { addresses: workload.behind, token, mayRun: workload.token !== null };
  const backend = await startBehindBackend(guard, { ...wish, ...servingOf(arms) });
  return { backend, token };
}

/** What of a backend follows from its load. */
type Serving = Required<Pick<PongServerOptions, "deflate" | "stamps" | "rooms" | "replay">>;

/** Receive stamps need the epoll server; where that cannot serve, there is no split. */
export function servingOf(arms: Scenario["arms"]): Serving {
  const deflate = arms.some(({ workload }) => workload.deflate);
  const recorded = arms.flatMap(({ workload: { message } }) =>
    message.kind === "replayed" ? readHar(message.file) : [],
  );
  const rooms = arms.some(({ workload }) => workload.fanout !== null);
  return {
    deflate,
    rooms,
    stamps: !deflate && isLinuxLayerAvailable().available,
    replay: recorded[0] ?? null,
  };
}
