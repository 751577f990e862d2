/**
 * Headers of the opening handshake as the client sent them, as the backend got them, and as they came back.
 */
import { valuesOf } from "../websocket/header-fields.js";
import { offeredHeaders } from "./handshake-offer.js";
import type { ProbeContext } from "./probe-context.js";

/** Null where it did not arrive. */
export function received({ opening }: ProbeContext, name: string): string | null {
  const values = valuesOf(opening.backend?.request?.fields ?? [], name);
  return values.length === 0 ? null : values.join(", ");
}

/** The user's own takes the place of what the probe offers. */
export function sent({ target }: ProbeContext, name: string): string | null {
  const own = Object.entries(target.headers).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return own?.[1] ?? offeredHeaders[name] ?? null;
}

export function answered({ opening }: ProbeContext, name: string): readonly string[] {
  const { answer } = opening.client;
  return answer.kind === "answered" ? valuesOf(answer.fields, name) : [];
}
