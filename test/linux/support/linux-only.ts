/** What tests of the Linux layer share. */
import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";
import { unlessLacking } from "../../support/lacking.js";

const layer = isLinuxLayerAvailable();

/** For `describe`: elsewhere the layer's tests are skipped, with the layer's own reason. */
export const linuxOnly = unlessLacking(layer.available ? null : layer.reason);

/** Lets the event loop, and so a server in this very thread, go on until `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("It did not come to that in 20 s");
    await setImmediate();
  }
}

/** Descriptors of this process that are open now. */
export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
