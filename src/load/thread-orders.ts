/**
 * The thread's side of its conversation with the main thread: it says how far it is, and waits for what to do next.
 */
import type { MessagePort } from "node:worker_threads";
import { collectYoungGarbage } from "../base/collect-garbage.js";
import type { CloseOrder, DrainedMessage, ReadyMessage, StartOrder } from "./messages.js";

/** Its connections are open, or have failed. What that has left behind is cleared away first, not under load. */
export function askForStart(port: MessagePort, opened: number): Promise<StartOrder> {
  collectYoungGarbage();
  return new Promise((resolve) => {
    port.once("message", (order: StartOrder) => resolve(order));
    port.postMessage({ opened } satisfies ReadyMessage);
  });
}

/** Its load is over. */
export function askToClose(port: MessagePort): Promise<CloseOrder> {
  return new Promise((resolve) => {
    port.once("message", (order: CloseOrder) => resolve(order));
    port.postMessage({ drained: true } satisfies DrainedMessage);
  });
}
