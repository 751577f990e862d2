/**
 * What came back to a request over HTTP/2, and the words for it.
 */
import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from "node:http2";
import type { HeaderField } from "../websocket/header-fields.js";

export type H2Answer =
  | { readonly kind: "answered"; readonly status: number; readonly fields: readonly HeaderField[] }
  /** RST_STREAM, by the name of its code. */
  | { readonly kind: "reset"; readonly code: string }
  /** The connection went, or takes no more requests. */
  | { readonly kind: "ended" | "timeout" };

export function answeredBy(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): H2Answer {
  const fields = Object.entries(headers).flatMap(([name, value]) => {
    const values = value === undefined || name.startsWith(":") ? [] : [value].flat();
    return values.map((one) => ({ name, value: String(one) }));
  });
  return { kind: "answered", status: headers[":status"] ?? 0, fields };
}

export function h2AnswerWords(answer: H2Answer): string {
  switch (answer.kind) {
    case "answered":
      return `:status ${answer.status}`;
    case "reset":
      return `RST_STREAM (${answer.code})`;
    case "ended":
      return "the connection was ended without an answer";
    case "timeout":
      return "no answer in time";
  }
}
