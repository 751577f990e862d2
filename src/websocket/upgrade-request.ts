/** The client's half of the opening handshake, as bytes (RFC 6455, 4.1). */
import assert from "node:assert/strict";
import { UsageError } from "../base/errors.js";
import { keyLength } from "./accept-key.js";
import { type HeaderField, isFieldValue, isToken } from "./header-fields.js";

export interface UpgradeRequestOptions {
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** With the port unless it is the scheme's own. */
  readonly host: string;
  readonly origin: string | null;
  /** Offered in this order; empty for none. */
  readonly subprotocols: readonly string[];
  /** Sent behind the others as they stand. */
  readonly extraFields: readonly HeaderField[];
}

/** Those that make the handshake: a second one would contradict it. */
const ownFields: ReadonlySet<string> = new Set([
  "host",
  "upgrade",
  "connection",
  "origin",
  "content-length",
  "transfer-encoding",
  "sec-websocket-key",
  "sec-websocket-version",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
]);

/**
 * Prepares the request that every connection sends, but for its key.
 * @returns the request's bytes for a key of `createKey`
 * @throws UsageError when a part cannot stand in a request, line breaks above all
 */
export function createUpgradeRequest(options: UpgradeRequestOptions): (key: string) => Buffer {
  const before = `${linesBefore(options).join("\r\n")}\r\nSec-WebSocket-Key: `;
  const template = Buffer.from(`${before}${" ".repeat(keyLength)}\r\n${linesBehind(options)}\r\n`, "latin1");
  const keyAt = Buffer.byteLength(before, "latin1");
  return (key) => {
    assert(/^[+/0-9A-Za-z=]+$/.test(key) && key.length === keyLength, "not a key of createKey");
    const request = Buffer.from(template);
    request.write(key, keyAt, keyLength, "latin1");
    return request;
  };
}

function linesBefore({ path, host, origin }: UpgradeRequestOptions): string[] {
  // Visible ASCII only, and no fragment (RFC 9112, 3.2; RFC 6455, 3).
  if (!/^\/[!"$-~]*$/.test(path)) throw refusal("path", path, "a percent-encoded path that begins with /");
  if (!/^[!-~]+$/.test(host)) throw refusal("host", host, "a host in ASCII, with its port if it has one");
  if (origin !== null && !/^[!-~]+$/.test(origin)) throw refusal("origin", origin, "an origin in ASCII");
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    ...(origin === null ? [] : [`Origin: ${origin}`]),
    "Sec-WebSocket-Version: 13",
  ];
}

function linesBehind({ subprotocols, extraFields }: UpgradeRequestOptions): string {
  for (const name of subprotocols) {
    if (!isToken(name)) throw refusal("subprotocol", name, "a token");
  }
  if (new Set(subprotocols).size < subprotocols.length) {
    throw refusal("subprotocols", subprotocols.join(", "), "each of them once (RFC 6455, 4.1)");
  }
  for (const { name, value } of extraFields) {
    if (!isToken(name)) throw refusal("header name", name, "a token");
    if (ownFields.has(name.toLowerCase()))
      throw refusal("header", name, "none that the handshake sets itself");
    if (!isFieldValue(value))
      throw refusal(`value of ${name}`, value, "Latin-1 without line breaks or controls");
  }
  const offered =
    subprotocols.length === 0 ? [] : [{ name: "Sec-WebSocket-Protocol", value: subprotocols.join(", ") }];
  return [...offered, ...extraFields].map(({ name, value }) => `${name}: ${value}\r\n`).join("");
}

function refusal(what: string, value: string, wanted: string): UsageError {
  return new UsageError(`Cannot send the ${what} ${JSON.stringify(value)}: wanted is ${wanted}`);
}
