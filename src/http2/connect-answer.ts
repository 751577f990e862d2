/**
 * The answer to a CONNECT for a WebSocket (RFC 8441, 5): accepted, refused with a status, or none that is valid.
 */
import { type HeaderField, valuesOf } from "../websocket/header-fields.js";

type ConnectAnswer =
  | { readonly kind: "accepted" }
  | { readonly kind: "rejected"; readonly status: number }
  | { readonly kind: "invalid"; readonly detail: string };

/** As it came; empty where there is none. */
export function statusOf(fields: readonly HeaderField[]): string {
  return fields.find(({ name }) => name === ":status")?.value ?? "";
}

/** @param subprotocols that were offered */
export function readConnectAnswer(
  fields: readonly HeaderField[],
  subprotocols: readonly string[],
): ConnectAnswer {
  const status = statusOf(fields);
  if (!/^[2-9]\d\d$/.test(status)) return { kind: "invalid", detail: `the answer's :status is "${status}"` };
  if (!status.startsWith("2")) return { kind: "rejected", status: Number(status) };
  if (valuesOf(fields, "Sec-WebSocket-Extensions").length > 0)
    return { kind: "invalid", detail: "the server chose an extension though none was offered" };
  const chosen = valuesOf(fields, "Sec-WebSocket-Protocol");
  const isOffered = chosen.every((name) => subprotocols.includes(name));
  return chosen.length > 1 || !isOffered
    ? { kind: "invalid", detail: `the server chose ${chosen.join(", ")}, which was not offered` }
    : { kind: "accepted" };
}
