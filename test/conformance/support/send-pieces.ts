/** Sends a stream so that it is read in pieces: the other side, in this very thread, has a turn between them. */
import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

/** Byte by byte while it is short. */
export async function sendPieces(socket: Socket, bytes: Buffer): Promise<void> {
  const size = bytes.length <= 300 ? 1 : bytes.length <= 10_000 ? 97 : 997;
  for (let at = 0; at < bytes.length && socket.writable; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await turn();
  }
}
