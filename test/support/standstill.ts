/** When a pong server has stopped reading. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PongServer } from "#wsrally/backend/pong-server.js";

/** Waits until the server has received no more for a while. @returns how many it has */
export async function standstill(server: PongServer): Promise<number> {
  let before = -1;
  while (server.counts().messagesReceived !== before) {
    before = server.counts().messagesReceived;
    await sleep(100);
  }
  return before;
}
