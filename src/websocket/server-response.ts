/** The server's answers, as bytes. */
import assert from "node:assert/strict";
import { acceptFor } from "./accept-key.js";
import { type HeaderField, isFieldValue, isToken } from "./header-fields.js";

interface AcceptOptions {
  /** The client's. */
  readonly key: string;
  /** One that the client offered; null for none. */
  readonly subprotocol: string | null;
}

/** The 101 that opens the connection (RFC 6455, 4.2.2). */
export function buildAccept({ key, subprotocol }: AcceptOptions): Buffer {
  return buildHead("101 Switching Protocols", [
    { name: "Upgrade", value: "websocket" },
    { name: "Connection", value: "Upgrade" },
    { name: "Sec-WebSocket-Accept", value: acceptFor(key) },
    ...(subprotocol === null ? [] : [{ name: "Sec-WebSocket-Protocol", value: subprotocol }]),
  ]);
}

const statusLines = {
  200: "200 OK",
  400: "400 Bad Request",
  404: "404 Not Found",
  426: "426 Upgrade Required",
  503: "503 Service Unavailable",
} as const;

export type PageStatus = keyof typeof statusLines;

interface PageOptions {
  readonly status: PageStatus;
  readonly contentType: string;
  readonly body: string;
}

/** A whole answer, after which the server closes the connection. */
export function buildPage({ status, contentType, body }: PageOptions): Buffer {
  const bytes = Buffer.from(body, "utf8");
  const head = buildHead(statusLines[status], [
    // RFC 9110, 15.5.22: what to upgrade to; RFC 6455, 4.4: in which version.
    ...(status === 426
      ? [
          { name: "Upgrade", value: "websocket" },
          { name: "Sec-WebSocket-Version", value: "13" },
        ]
      : []),
    { name: "Connection", value: status === 426 ? "Upgrade, close" : "close" },
    { name: "Content-Type", value: contentType },
    { name: "Content-Length", value: String(bytes.length) },
  ]);
  return Buffer.concat([head, bytes]);
}

function buildHead(status: string, fields: readonly HeaderField[]): Buffer {
  const lines = fields.map(({ name, value }) => {
    assert(isToken(name) && isFieldValue(value), `the header ${name} cannot be sent`);
    return `${name}: ${value}\r\n`;
  });
  return Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n`, "latin1");
}
