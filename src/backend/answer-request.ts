/**
 * What a request is answered, whichever HTTP it came in.
 */
import { type HeaderField, isToken, valuesOf } from "../websocket/header-fields.js";
import type { PageStatus } from "../websocket/server-response.js";
import { healthyAnswer, plainAnswer } from "./plain-answer.js";

export type Asked =
  | { readonly kind: "upgrade"; readonly request: AskedRequest }
  | { readonly kind: "plain"; readonly request: AskedRequest }
  | {
      readonly kind: "refused";
      readonly status: 400 | 426;
      readonly code: string;
      /** Null when it could not be read. */
      readonly request: AskedRequest | null;
    };

interface AskedRequest {
  readonly method: string;
  /** With its query. */
  readonly target: string;
  readonly path: string;
  readonly fields: readonly HeaderField[];
}

export type RequestAnswer =
  | { readonly kind: "accepted"; readonly subprotocol: string | null }
  | {
      readonly kind: "refused" | "page";
      readonly status: PageStatus;
      readonly contentType: string;
      readonly body: string;
      /** The head of the answer, and no more (RFC 9110, 9.3.2). */
      readonly isHeadOnly: boolean;
    };

/** What only a request that asks for an upgrade can be refused for. */
const upgradeFaults: readonly string[] = ["method-not-get", "key-invalid", "version-not-13"];

const text = { contentType: "text/plain; charset=utf-8", isHeadOnly: false } as const;

interface Terms {
  /** That upgrades; null for any. */
  readonly path: string | null;
  /** The status of the answer to whoever asks for an upgrade; null: it is given. */
  readonly refusal: 503 | null;
  /** Whether it may be a health check, which is to find a page wherever it looks. */
  readonly isPublic: boolean;
}

export function answerRequest(asked: Asked, { path, refusal, isPublic }: Terms): RequestAnswer {
  switch (asked.kind) {
    case "upgrade":
      if (refusal !== null)
        return { kind: "refused", status: refusal, ...text, body: "Draining: come back later.\n" };
      return path === null || asked.request.path === path
        ? { kind: "accepted", subprotocol: firstOffered(asked.request.fields) }
        : { kind: "refused", status: 404, ...text, body: "Not found.\n" };
    case "refused": {
      const kind = upgradeFaults.includes(asked.code) ? "refused" : "page";
      return { kind, status: asked.status, ...text, body: `${asked.code}\n` };
    }
    case "plain": {
      const { method, path: wanted } = asked.request;
      const answer = isPublic && wanted !== "/" ? healthyAnswer : plainAnswer(wanted, path);
      return { kind: "page", ...answer, isHeadOnly: method === "HEAD" };
    }
  }
}

/** @returns null for what is no question to the server itself */
export function controlAnswer(asked: Asked, control: (path: string) => string | null): RequestAnswer | null {
  const body = asked.kind === "plain" ? control(asked.request.path) : null;
  return body === null
    ? null
    : { kind: "page", status: 200, contentType: "application/json", body, isHeadOnly: false };
}

/** As ws chooses too: a client may have no use for a server that speaks none of its subprotocols. */
function firstOffered(fields: readonly HeaderField[]): string | null {
  const [offer = ""] = valuesOf(fields, "Sec-WebSocket-Protocol");
  const [first = ""] = offer.split(",");
  return isToken(first.trim()) ? first.trim() : null;
}
