/**
 * Reads what a client asks of the server: an upgrade, a plain request such as a browser's for the home page, or
 * something to refuse (RFC 6455, 4.2.1).
 */
import { type Head, type HeadFaultCode, HeadReader } from "./head-reader.js";
import { type HeaderField, listHolds, valuesOf } from "./header-fields.js";

export type RequestFaultCode =
  | HeadFaultCode
  | "request-line-malformed"
  | "method-not-get"
  | "host-missing"
  | "key-invalid"
  | "version-not-13";

/** A request as it was received. */
export interface ReceivedRequest {
  readonly method: string;
  /** The request's target as it came. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  /** An upgrade in HTTP/1.0 has no meaning (RFC 9110, 7.8), but nginx makes one unless told otherwise: taken, and shown. */
  readonly httpVersion: "1.0" | "1.1" | "2";
  readonly fields: readonly HeaderField[];
  /** The head's bytes as they came. */
  readonly raw: Buffer;
}

export type RequestReading =
  | { readonly kind: "incomplete" }
  /** What a client of HTTP/2 begins with (RFC 9113, 3.4), up to the first empty line. */
  | { readonly kind: "http2"; readonly restAt: number }
  | {
      readonly kind: "upgrade";
      readonly request: ReceivedRequest;
      readonly key: string;
      /** As offered; empty for none. */
      readonly subprotocols: readonly string[];
      /** Where in the buffer just given the frames begin. */
      readonly framesAt: number;
    }
  /** Lacks `Upgrade: websocket` or `Connection: Upgrade`, a handshake's other headers or not. */
  | { readonly kind: "plain"; readonly request: ReceivedRequest; readonly bodyAt: number }
  | {
      readonly kind: "refused";
      readonly status: 400 | 426;
      readonly code: RequestFaultCode;
      /** null when it could not be read; `raw` has what came of it. */
      readonly request: ReceivedRequest | null;
      readonly raw: Buffer;
    };

const http2Preface = "PRI * HTTP/2.0";

/** For one request; a connection needs it only until its handshake is done. */
export class UpgradeRequestReader {
  readonly #reader = new HeadReader();

  /** Takes the bytes [start, end). Not to be called again once the reading is something else than "incomplete". */
  read(buffer: Buffer, start: number, end: number): RequestReading {
    const reading = this.#reader.read(buffer, start, end);
    if (reading.kind === "incomplete") return reading;
    if (reading.kind === "fault") return unreadable(reading.code, this.#reader.soFar);
    if (reading.head.firstLine === http2Preface && reading.head.fields.length === 0)
      return { kind: "http2", restAt: reading.bodyAt };
    const request = parseRequest(reading.head);
    if (request === null) return unreadable("request-line-malformed", reading.head.raw);
    // Whether Host came once is for every request to hold (RFC 9112, 3.2); HTTP/1.0 knew none.
    const hosts = valuesOf(request.fields, "Host").length;
    if (hosts > 1 || (hosts === 0 && request.httpVersion === "1.1"))
      return refused(400, "host-missing", request);
    return isUpgrade(request)
      ? readUpgrade(request, reading.bodyAt)
      : { kind: "plain", request, bodyAt: reading.bodyAt };
  }
}

function parseRequest({ firstLine, fields, raw }: Head): ReceivedRequest | null {
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~\x80-\xff]+) HTTP\/1\.([01])$/.exec(firstLine);
  if (match === null) return null;
  const [, method = "", target = "", minor] = match;
  const path = target.split("?", 1)[0] ?? "";
  return { method, target, path, httpVersion: minor === "0" ? "1.0" : "1.1", fields, raw };
}

function isUpgrade({ fields }: ReceivedRequest): boolean {
  return listHolds(fields, "Upgrade", "websocket") && listHolds(fields, "Connection", "upgrade");
}

function readUpgrade(request: ReceivedRequest, framesAt: number): RequestReading {
  if (request.method !== "GET") return refused(400, "method-not-get", request);
  const versions = valuesOf(request.fields, "Sec-WebSocket-Version");
  // Before the key, since another version may do without (4.4).
  if (versions.length !== 1 || versions[0] !== "13") return refused(426, "version-not-13", request);
  const keys = valuesOf(request.fields, "Sec-WebSocket-Key");
  const [key = ""] = keys;
  // 22 characters of base64 and two to fill up are 16 bytes.
  if (keys.length !== 1 || !/^[+/0-9A-Za-z]{22}==$/.test(key)) return refused(400, "key-invalid", request);
  const subprotocols = valuesOf(request.fields, "Sec-WebSocket-Protocol")
    .flatMap((value) => value.split(/[ \t]*,[ \t]*/))
    .filter((name) => name !== "");
  return { kind: "upgrade", request, key, subprotocols, framesAt };
}

function refused(status: 400 | 426, code: RequestFaultCode, request: ReceivedRequest): RequestReading {
  return { kind: "refused", status, code, request, raw: request.raw };
}

function unreadable(code: RequestFaultCode, raw: Buffer): RequestReading {
  return { kind: "refused", status: 400, code, request: null, raw };
}
