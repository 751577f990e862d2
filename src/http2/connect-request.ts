/**
 * The client's half of the opening handshake over HTTP/2, as a header block (RFC 8441, 4 and 5).
 */
import { UsageError } from "../base/errors.js";
import { createKey } from "../websocket/accept-key.js";
import { fillText } from "../websocket/filled-text.js";
import { createUpgradeRequest, type UpgradeRequestOptions } from "../websocket/upgrade-request.js";
import { isOfConnection } from "./connection-fields.js";
import { encodeHeaders } from "./encode-headers.js";

interface ConnectRequestOptions extends UpgradeRequestOptions {
  readonly scheme: "http" | "https";
}

/**
 * Prepares the request that every WebSocket sends, but for the values of its own.
 * @returns the header block for a connection's values
 * @throws UsageError when a part cannot stand in a request
 */
export function createConnectRequest(options: ConnectRequestOptions): (row?: readonly string[]) => Buffer {
  // What may stand in a request is the same as in HTTP/1.1.
  createUpgradeRequest(options)(createKey());
  const { scheme, path, host, origin, subprotocols, extraFields } = options;
  const misfit = extraFields.find(
    ({ name }) => isOfConnection(name.toLowerCase()) || name.toLowerCase() === "te",
  );
  if (misfit !== undefined)
    throw new UsageError(
      `Cannot send the header ${misfit.name} over HTTP/2: it is of HTTP/1.1's connections alone`,
    );
  const common = [
    { name: "sec-websocket-version", value: "13" },
    ...(origin === null ? [] : [{ name: "origin", value: origin }]),
    ...(subprotocols.length === 0
      ? []
      : [{ name: "sec-websocket-protocol", value: subprotocols.join(", ") }]),
  ];
  return (row = []) =>
    encodeHeaders([
      { name: ":method", value: "CONNECT" },
      { name: ":protocol", value: "websocket" },
      { name: ":scheme", value: scheme },
      { name: ":path", value: fillText(path, row) },
      { name: ":authority", value: host },
      ...common,
      ...extraFields.map(({ name, value }) => ({ name: name.toLowerCase(), value: fillText(value, row) })),
    ]);
}
