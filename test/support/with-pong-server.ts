/** A pong server for the time of one test. */
import type { BackendEngine, PongServer, PongServerOptions } from "#wsrally/backend/pong-server.js";
import { startPongServer } from "#wsrally/backend/start-pong-server.js";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";
import { unlessLacking } from "./lacking.js";

const hasEpoll = isLinuxLayerAvailable().available;

/** Those that can serve here. */
export const pongEngines: readonly BackendEngine[] = hasEpoll ? ["ws", "epoll"] : ["ws"];

/** For what the epoll server alone can do. */
export const epollOnly = unlessLacking(hasEpoll ? null : "the Linux layer");

export async function withPongServer(
  options: Partial<PongServerOptions>,
  use: (server: PongServer) => Promise<void>,
): Promise<void> {
  const server = await startPongServer({
    host: "127.0.0.1",
    port: 0,
    path: "/sock",
    once: false,
    deflate: false,
    ...options,
  });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}
