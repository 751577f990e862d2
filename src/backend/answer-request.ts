/**
 * What a request is answered, as bytes.
 */
import { type HeaderField, isToken, valuesOf } from "../websocket/header-fields.js";
import { buildAccept, buildPage } from "../websocket/server-response.js";
import type { RequestFaultCode, RequestReading } from "../websocket/upgrade-request-reader.js";
import { healthyAnswer, plainAnswer } from "./plain-answer.js";

export interface RequestAnswer {
  readonly kind: "accepted" | "refused" | "page";
  readonly status: number;
  readonly bytes: Buffer;
}

/** What only a request that asks for an upgrade can be refused for. */
const upgradeFaults: readonly RequestFaultCode[] = ["method-not-get", "key-invalid", "version-not-13"];

const contentType = "text/plain; charset=utf-8";

type WholeReading = Exclude<RequestReading, { kind: "incomplete" }>;

interface Terms {
  /** That upgrades; null for any. */
  readonly path: string | null;
  /** The status of the answer to whoever asks for an upgrade; null: it is given. */
  readonly refusal: 503 | null;
  /** Whether it may be a health check, which is to find a page wherever it looks. */
  readonly isPublic: boolean;
}

export function answerRequest(reading: WholeReading, { path, refusal, isPublic }: Terms): RequestAnswer {
  if (reading.kind === "upgrade" && refusal !== null) {
    const bytes = buildPage({ status: refusal, contentType, body: "Draining: come back later.\n" });
    return { kind: "refused", status: refusal, bytes };
  }
  switch (reading.kind) {
    case "upgrade": {
      if (path === null || reading.request.path === path) {
        const subprotocol = firstOffered(reading.request.fields);
        return { kind: "accepted", status: 101, bytes: buildAccept({ key: reading.key, subprotocol }) };
      }
      return {
        kind: "refused",
        status: 404,
        bytes: buildPage({ status: 404, contentType, body: "Not found.\n" }),
      };
    }
    case "refused": {
      const bytes = buildPage({ status: reading.status, contentType, body: `${reading.code}\n` });
      return {
        kind: upgradeFaults.includes(reading.code) ? "refused" : "page",
        status: reading.status,
        bytes,
      };
    }
    case "plain": {
      const { method, path: asked } = reading.request;
      const answer = isPublic && asked !== "/" ? healthyAnswer : plainAnswer(asked, path);
      const page = buildPage(answer);
      // The head of the page that GET would bring, and no more (RFC 9110, 9.3.2).
      return {
        kind: "page",
        status: answer.status,
        bytes: method === "HEAD" ? page.subarray(0, page.indexOf("\r\n\r\n") + 4) : page,
      };
    }
  }
}

/** @returns null for what is no question to the server itself */
export function controlAnswer(
  reading: WholeReading,
  control: (path: string) => string | null,
): Buffer | null {
  const body = reading.kind === "plain" ? control(reading.request.path) : null;
  return body === null ? null : buildPage({ status: 200, contentType: "application/json", body });
}

/** As ws chooses too: a client may have no use for a server that speaks none of its subprotocols. */
function firstOffered(fields: readonly HeaderField[]): string | null {
  const [offer = ""] = valuesOf(fields, "Sec-WebSocket-Protocol");
  const [first = ""] = offer.split(",");
  return isToken(first.trim()) ? first.trim() : null;
}
