/**
 * Reads the server's answer to an upgrade request and holds it to RFC 6455, 4.1: accepted, refused with a status, or
 * no valid handshake.
 */
import { type Head, type HeadFaultCode, HeadReader, headFaultWords } from "./head-reader.js";
import { type HeaderField, listHolds, valuesOf } from "./header-fields.js";

export type ResponseFaultCode =
  | HeadFaultCode
  | "not-http"
  | "too-many-interim-responses"
  | "http-version"
  | "upgrade-missing"
  | "connection-missing"
  | "accept-missing"
  | "accept-wrong"
  | "extension-unasked"
  | "subprotocol-unasked";

export type UpgradeOutcome =
  | { readonly kind: "incomplete" }
  | {
      readonly kind: "accepted";
      /** Where in the buffer just given the frames begin. */
      readonly framesAt: number;
      /** null when the server chose none, even if some were offered. */
      readonly subprotocol: string | null;
      readonly fields: readonly HeaderField[];
    }
  | {
      readonly kind: "rejected";
      readonly status: number;
      readonly reason: string;
      readonly fields: readonly HeaderField[];
    }
  | { readonly kind: "invalid"; readonly code: ResponseFaultCode; readonly detail: string };

interface ResponseExpectation {
  /** `acceptFor` the key that was sent. */
  readonly accept: string;
  readonly subprotocols: readonly string[];
}

/** 100 Continue, 103 Early Hints and the like may come before the answer (RFC 9110, 15.2); not without end. */
const interimResponsesMax = 10;

const prefix = Buffer.from("HTTP/", "latin1");

/** For one connection, until its outcome is something else than "incomplete". */
export class UpgradeResponseReader {
  readonly #expected: ResponseExpectation;
  #reader = new HeadReader();
  #interim = 0;

  constructor(expected: ResponseExpectation) {
    this.#expected = expected;
  }

  /** Takes the bytes [start, end). */
  read(buffer: Buffer, start: number, end: number): UpgradeOutcome {
    let at = start;
    for (;;) {
      const reading = this.#reader.read(buffer, at, end);
      if (reading.kind === "fault") return headFault(reading.code, this.#reader.soFar);
      if (reading.kind === "incomplete")
        return mayBeHttp(this.#reader.soFar) ? reading : notHttp(this.#reader.soFar);
      const status = parseStatusLine(reading.head.firstLine);
      if (status === null) return notHttp(reading.head.raw);
      if (status.code === 101) return this.#check(reading.head, status.version, reading.bodyAt);
      if (status.code >= 200) {
        const { fields } = reading.head;
        return { kind: "rejected", status: status.code, reason: status.reason, fields };
      }
      if (++this.#interim > interimResponsesMax)
        return invalid("too-many-interim-responses", `${status.code}`);
      this.#reader = new HeadReader();
      at = reading.bodyAt;
    }
  }

  #check({ fields }: Head, version: string, framesAt: number): UpgradeOutcome {
    const upgrade = valuesOf(fields, "Upgrade").join(", ");
    const accepts = valuesOf(fields, "Sec-WebSocket-Accept");
    const subprotocols = valuesOf(fields, "Sec-WebSocket-Protocol");
    const [subprotocol = null] = subprotocols;
    // RFC 9110, 7.8: Upgrade has no meaning in HTTP/1.0.
    if (version !== "1.1") return invalid("http-version", `the 101 came as HTTP/${version}`);
    if (upgrade.toLowerCase() !== "websocket") {
      return invalid("upgrade-missing", upgrade === "" ? "no Upgrade header" : `Upgrade: ${upgrade}`);
    }
    if (!listHolds(fields, "Connection", "upgrade")) {
      const [connection] = valuesOf(fields, "Connection");
      return invalid(
        "connection-missing",
        connection === undefined ? "no Connection header" : `Connection: ${connection}`,
      );
    }
    if (accepts.length === 0) return invalid("accept-missing", "no Sec-WebSocket-Accept header");
    // It must not come twice (11.3.3), even alike.
    if (accepts.length > 1 || accepts[0] !== this.#expected.accept) {
      return invalid("accept-wrong", "Sec-WebSocket-Accept is not the one for this key");
    }
    if (valuesOf(fields, "Sec-WebSocket-Extensions").length > 0) {
      return invalid("extension-unasked", "the server chose an extension though none was offered");
    }
    if (
      subprotocols.length > 1 ||
      (subprotocol !== null && !this.#expected.subprotocols.includes(subprotocol))
    ) {
      return invalid(
        "subprotocol-unasked",
        `the server chose ${subprotocols.join(", ")}, which was not offered`,
      );
    }
    return { kind: "accepted", framesAt, subprotocol, fields };
  }
}

/** Something else than HTTP breaks its rules early; that it is something else is what helps. */
function headFault(code: HeadFaultCode, soFar: Buffer): UpgradeOutcome {
  return mayBeHttp(soFar) ? invalid(code, headFaultWords[code]) : notHttp(soFar);
}

/** RFC 9112, 4; the blank before a missing reason is often missing too. */
function parseStatusLine(line: string): { version: string; code: number; reason: string } | null {
  const match = /^HTTP\/(\d\.\d) ([1-9]\d\d)(?: (.*))?$/.exec(line);
  return match === null ? null : { version: match[1] ?? "", code: Number(match[2]), reason: match[3] ?? "" };
}

function mayBeHttp(bytes: Buffer): boolean {
  const start = bytes.subarray(0, prefix.length);
  return start.equals(prefix.subarray(0, start.length));
}

function notHttp(bytes: Buffer): UpgradeOutcome {
  return invalid("not-http", `the answer begins with ${JSON.stringify(bytes.toString("latin1", 0, 40))}`);
}

function invalid(code: ResponseFaultCode, detail: string): UpgradeOutcome {
  return { kind: "invalid", code, detail };
}
