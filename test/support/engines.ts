/** The engines that can run here, the reference first. */
import { isIoUringUsable } from "#wsrally/linux/is-io-uring-usable.js";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";
import type { EngineName } from "#wsrally/load/messages.js";

/** Those of our own. */
export const linuxEngines: readonly EngineName[] = [
  ...(isLinuxLayerAvailable().available ? (["epoll"] as const) : []),
  ...(isIoUringUsable().available ? (["io_uring"] as const) : []),
];

export const engines: readonly EngineName[] = ["ws", ...linuxEngines];
