/** The user's own handshake in the words of the `ws` package. */
import type { WebSocket } from "ws";
import { fillText } from "../websocket/filled-text.js";
import type { Target } from "./messages.js";

/** By name; one that is given several times is sent as often. */
export function headersOf({ fields }: Target, row: readonly string[]): Record<string, string | string[]> {
  const headers = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const { name, value } of fields) {
    const key = name.toLowerCase();
    const known = headers.get(key) ?? { name, values: [] };
    known.values.push(fillText(value, row));
    headers.set(key, known);
  }
  return Object.fromEntries(
    [...headers.values()].map(({ name, values: [first = "", ...more] }) => [
      name,
      more.length === 0 ? first : [first, ...more],
    ]),
  );
}

/**
 * RFC 6455, 4.1, fails a connection only for a subprotocol that was not offered; ws, as browsers do, for none too. Told that
 * the first was chosen, it lets that pass.
 */
export function acceptNoSubprotocol(socket: WebSocket, { subprotocols: [first] }: Target): void {
  if (first === undefined) return;
  socket.once("upgrade", ({ headers }) => {
    headers["sec-websocket-protocol"] ??= first;
  });
}
