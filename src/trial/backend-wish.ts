/**
 * What a scenario's arms want of the backend behind them.
 */
import type { PongServerOptions } from "../backend/pong-server.js";
import type { PlannedArm } from "../scenario/scenario.js";
import { servingOf } from "./stage-behind.js";

type BackendWish = Omit<PongServerOptions, "host" | "port" | "ports">;

/** Null when every arm is a URL. It upgrades on any path: proxies may change it. */
export function backendWish(arms: readonly PlannedArm[]): BackendWish | null {
  if (arms.every(({ target }) => target.kind === "url")) return null;
  return { path: null, once: false, ...servingOf(arms) };
}
