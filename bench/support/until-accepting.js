/** Waits for a server that was just started. */
import { setTimeout as sleep } from "node:timers/promises";
import { acceptsTcp } from "../../build/proxy/accepts-tcp.js";

export async function untilAccepting(port) {
  for (let tries = 0; !(await acceptsTcp("127.0.0.1", port, 1000)); tries++) {
    if (tries === 200) throw new Error(`Nothing listens on port ${port}`);
    await sleep(50);
  }
}
