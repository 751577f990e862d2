/** The client's half of the opening handshake, as bytes (RFC 6455, 4.1). */
import assert from "node:assert/strict";
import { UsageError } from "../base/errors.js";
import { keyLength } from "./accept-key.js";
import { type FilledText, fillText } from "./filled-text.js";
import { isFieldValue, isToken } from "./header-fields.js";

export interface UpgradeRequestOptions {
  /** Path and query, percent-encoded. */
  readonly path: FilledText;
  /** With the port unless it is the scheme's own. */
  readonly host: string;
  readonly origin: string | null;
  /** Offered in this order; empty for none. */
  readonly subprotocols: readonly string[];
  /** Sent behind the others as they stand. */
  readonly extraFields: readonly FilledField[];
}

/** A header, whose value each connection may complete. */
export interface FilledField {
  readonly name: string;
  readonly value: FilledText;
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
 * Prepares the request that every connection sends, but for its key and the values of its own.
 * @returns the request's bytes for a key of `createKey` and a connection's values, which must fit where they stand; good
 *   until the next one
 * @throws UsageError when a part cannot stand in a request, line breaks above all
 */
export function createUpgradeRequest(
  options: UpgradeRequestOptions,
): (key: string, row?: readonly string[]) => Buffer {
  const before: FilledText = [...linesBefore(options), "Sec-WebSocket-Key: "];
  const behind: FilledText = ["\r\n", ...linesBehind(options), "\r\n"];
  const write = (key: string, row: readonly string[]): Buffer =>
    Buffer.from(`${fillText(before, row)}${key}${fillText(behind, row)}`, "latin1");
  if ([...before, ...behind].some((part) => typeof part === "number")) {
    return (key, row = []) => write(checkedKey(key), row);
  }
  const request = write(" ".repeat(keyLength), []);
  const keyAt = Buffer.byteLength(fillText(before, []), "latin1");
  return (key) => {
    request.write(checkedKey(key), keyAt, "latin1");
    return request;
  };
}

function checkedKey(key: string): string {
  assert(/^[+/0-9A-Za-z=]+$/.test(key) && key.length === keyLength, "not a key of createKey");
  return key;
}

function linesBefore({ path, host, origin }: UpgradeRequestOptions): Exclude<FilledText, string> {
  // Visible ASCII only, and no fragment (RFC 9112, 3.2; RFC 6455, 3).
  const common = fillText(path, []);
  if (!/^\/[!"$-~]*$/.test(common))
    throw refusal("path", common, "a percent-encoded path that begins with /");
  if (!/^[!-~]+$/.test(host)) throw refusal("host", host, "a host in ASCII, with its port if it has one");
  if (origin !== null && !/^[!-~]+$/.test(origin)) throw refusal("origin", origin, "an origin in ASCII");
  return [
    "GET ",
    ...partsOf(path),
    " HTTP/1.1\r\n",
    `Host: ${host}\r\n`,
    "Connection: Upgrade\r\n",
    "Upgrade: websocket\r\n",
    ...(origin === null ? [] : [`Origin: ${origin}\r\n`]),
    "Sec-WebSocket-Version: 13\r\n",
  ];
}

function partsOf(text: FilledText): Exclude<FilledText, string> {
  return typeof text === "string" ? [text] : text;
}

function linesBehind({ subprotocols, extraFields }: UpgradeRequestOptions): Exclude<FilledText, string> {
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
    const common = fillText(value, []);
    if (!isFieldValue(common))
      throw refusal(`value of ${name}`, common, "Latin-1 without line breaks or controls");
  }
  const offered =
    subprotocols.length === 0 ? [] : [{ name: "Sec-WebSocket-Protocol", value: subprotocols.join(", ") }];
  return [...offered, ...extraFields].flatMap(({ name, value }) => [`${name}: `, ...partsOf(value), "\r\n"]);
}

function refusal(what: string, value: string, wanted: string): UsageError {
  return new UsageError(`Cannot send the ${what} ${JSON.stringify(value)}: wanted is ${wanted}`);
}
