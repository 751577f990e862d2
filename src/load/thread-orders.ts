/**
 * The thread's side of its conversation with the main thread: it says how far it is, and waits for what to do next.
 */
import type { MessagePort } from "node:worker_threads";
import { collectYoungGarbage } from "../base/collect-garbage.js";
import type { CloseOrder, DrainedMessage, EndOrder, ReadyMessage, StartOrder } from "./messages.js";

/** Its connections are open, or have failed. What that has left behind is cleared away first, not under load. */
export function askForStart(port: MessagePort, opened: number): Promise<StartOrder> {
  collectYoungGarbage();
  return new Promise((resolve) => {
    port.once("message", (order: StartOrder) => resolve(order));
    port.postMessage({ opened } satisfies ReadyMessage);
  });
}

/** While the load goes on: calls back when it is to end before its time. @returns stops listening */
export function listenForEnd(port: MessagePort, end: () => void): () => void {
  const hear = (order: EndOrder | CloseOrder): void => {
    if ("end" in order) end();
  };
  port.on("message", hear);
  return () => void port.off("message", hear);
}

/** Its load is over. */
export function askToClose(port: MessagePort): Promise<CloseOrder> {
  return new Promise((resolve) => {
    port.once("message", (order: CloseOrder) => resolve(order));
    port.postMessage({ drained: true } satisfies DrainedMessage);
  });
}
