/**
 * Reads what a client asks on a stream: a WebSocket (RFC 8441, 5), a plain request, or something to refuse.
 */
import { type HeaderField, valuesOf } from "../websocket/header-fields.js";
import { isOfConnection } from "./connection-fields.js";

interface StreamRequest {
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly path: string;
  /** But for the pseudo-fields. */
  readonly fields: readonly HeaderField[];
}

type StreamReading =
  | { readonly kind: "upgrade"; readonly request: StreamRequest }
  | { readonly kind: "plain"; readonly request: StreamRequest }
  | {
      readonly kind: "refused";
      readonly status: 400;
      readonly code: "version-not-13";
      readonly request: StreamRequest;
    };

const pseudoNames: ReadonlySet<string> = new Set([":method", ":scheme", ":authority", ":path", ":protocol"]);

/** @returns null for what is no request of HTTP/2 at all: a stream error (RFC 9113, 8.1.1) */
export function readStreamRequest(all: readonly HeaderField[]): StreamReading | null {
  const pseudo = all.filter(({ name }) => name.startsWith(":"));
  const fields = all.slice(pseudo.length);
  const values = new Map(pseudo.map(({ name, value }) => [name, value]));
  const isKnown = pseudo.every(({ name }) => pseudoNames.has(name));
  if (!isKnown || values.size !== pseudo.length || !fields.every(isOrdinary)) return null;
  const method = values.get(":method");
  const target = values.get(":path");
  if (method === undefined || !target || !values.has(":scheme")) return null;
  const request = { method, target, path: target.split("?", 1)[0] ?? "", fields };
  if (method !== "CONNECT") return { kind: "plain", request };
  if (values.get(":protocol") !== "websocket") return null;
  const versions = valuesOf(fields, "Sec-WebSocket-Version");
  return versions.length === 1 && versions[0] === "13"
    ? { kind: "upgrade", request }
    : { kind: "refused", status: 400, code: "version-not-13", request };
}

function isOrdinary({ name, value }: HeaderField): boolean {
  if (name.startsWith(":") || name !== name.toLowerCase() || isOfConnection(name)) return false;
  return name !== "te" || value.toLowerCase() === "trailers";
}
