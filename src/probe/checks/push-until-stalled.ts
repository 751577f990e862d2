/**
 * Sends to one who does not read, until what stands between takes no more.
 */
import { once } from "node:events";
import { opcodes } from "../../websocket/opcode.js";
import type { WebSocketEnd } from "../websocket-end.js";

const frameBytes = 64 * 1024;
/** More than the kernel's buffers on the way hold, at their largest. */
export const pushBytesMost = 64 * 1024 * 1024;
/** So long without room means that the sender is being held back. */
const stallMs = 400;

/** @returns payload bytes written, of which the socket may still hold some */
export async function pushUntilStalled(sender: WebSocketEnd): Promise<number> {
  const payload = Buffer.alloc(frameBytes);
  let bytes = 0;
  while (bytes < pushBytesMost) {
    bytes += frameBytes;
    if (sender.send(opcodes.binary, payload)) continue;
    const signal = AbortSignal.timeout(stallMs);
    const drained = await once(sender.socket, "drain", { signal }).catch(() => null);
    if (drained === null) return bytes;
  }
  return bytes;
}
