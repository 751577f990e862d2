/**
 * Which engine drives a run: one for all its arms, or they could not be compared.
 */
import { UsageError } from "../base/errors.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { isOpenSslAvailable } from "../linux/openssl.js";
import type { EngineName } from "../load/messages.js";
import type { PreparedArm } from "./prepare-arms.js";

/**
 * The lightest engine that serves every arm, unless one was asked for.
 * @throws UsageError when the one asked for cannot
 */
export function chooseEngine(arms: readonly PreparedArm[]): EngineName {
  const obstacle = epollObstacle(arms);
  switch (arms[0]?.plan.workload.engine) {
    case "ws":
      return "ws";
    case "epoll":
      if (obstacle === null) return "epoll";
      throw new UsageError(`Cannot use --engine epoll: ${obstacle}; --engine ws can`);
    default:
      return obstacle === null ? "epoll" : "ws";
  }
}

/** Why the epoll engine cannot serve; null when it can. */
function epollObstacle(arms: readonly PreparedArm[]): string | null {
  if (arms.some(({ plan }) => plan.workload.deflate)) return "it does not compress";
  const layer = isLinuxLayerAvailable();
  if (!layer.available) return layer.reason;
  if (!arms.some(({ usesTls }) => usesTls)) return null;
  const openSsl = isOpenSslAvailable();
  return openSsl.available ? null : openSsl.reason;
}
