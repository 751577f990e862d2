/**
 * Starts the lightest pong server that this machine has for what is asked.
 */
import { EnvironmentError } from "../base/errors.js";
import { isLinuxLayerAvailable } from "../linux/linux-layer.js";
import { startEpollPongServer } from "./epoll-pong-server.js";
import { hasFaults, noFaults } from "./fault-plan.js";
import type { PongServer, PongServerOptions } from "./pong-server.js";
import { startWsPongServer } from "./ws-pong-server.js";

/**
 * @throws EnvironmentError when what is asked takes the epoll server, and it cannot serve here
 * @throws the system's error (`EADDRINUSE`, `EACCES` …) when an address cannot be listened on
 */
export function startPongServer(options: PongServerOptions): Promise<PongServer> {
  const { engine = "auto", stamps = false, faults = noFaults } = options;
  const obstacle = epollObstacle(options);
  if (engine !== "ws" && obstacle === null) return startEpollPongServer(options);
  const what =
    engine === "epoll"
      ? "by epoll"
      : stamps
        ? "with receive stamps"
        : hasFaults(faults)
          ? "with faults on purpose"
          : null;
  if (what === null) return startWsPongServer(options);
  throw new EnvironmentError(
    `Cannot serve ${what}: ${obstacle ?? "the ws engine was asked for"}; without it the ws engine serves`,
  );
}

/** Why epoll cannot serve this; null when it can. */
function epollObstacle({ deflate, host }: PongServerOptions): string | null {
  if (deflate) return "permessage-deflate takes the ws engine";
  if (host.includes("%")) return "an address with a zone takes the ws engine";
  const layer = isLinuxLayerAvailable();
  return layer.available ? null : layer.reason;
}
