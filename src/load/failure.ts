/**
 * What can go wrong on a connection, as data: stable kinds, counted, each with one example. Documented in
 * docs/failures.md.
 */
import { maskText } from "../base/mask-secrets.js";

export const failureKinds = [
  "refused",
  "reset",
  "eof",
  "closed",
  "upgrade-status",
  "upgrade-timeout",
  "upgrade-invalid",
  "http2-missing",
  "stream-reset",
  "goaway",
  "tls",
  "first-failed",
  "protocol",
  "reply-missing",
  "reply-late",
  "reply-duplicate",
  "reply-wrong",
  "push-missing",
  "fanout-missing",
  "no-descriptors",
  "no-ports",
  "proxy-exited",
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** In words that reports use. */
export const failureMeanings: Readonly<Record<FailureKind, string>> = {
  refused: "the connection was refused",
  reset: "the connection was reset",
  eof: "the connection ended without a close frame (1006)",
  closed: "the other side sent a close frame",
  "upgrade-status": "the answer to the handshake was not 101",
  "upgrade-timeout": "no answer to the handshake in time",
  "upgrade-invalid": "a 101 that breaks the WebSocket protocol",
  "http2-missing": "the other side takes no WebSockets over HTTP/2",
  "stream-reset": "the other side reset the HTTP/2 stream (RST_STREAM)",
  goaway: "the other side ended the HTTP/2 connection (GOAWAY)",
  tls: "the TLS handshake failed",
  "first-failed": "what is exchanged before the load did not go as asked",
  protocol: "a frame that breaks the WebSocket protocol",
  "reply-missing": "a message that was never answered",
  "reply-late": "an answer after the trial's end",
  "reply-duplicate": "a message that was answered twice",
  "reply-wrong": "an answer that is not what was asked for",
  "push-missing": "a push that never arrived",
  "fanout-missing": "a message to a room that never came to a member",
  "no-descriptors": "this machine ran out of file descriptors",
  "no-ports": "this machine ran out of local ports",
  "proxy-exited": "the proxy's process ended",
};

/** Whose doing a failure was; `unknown` where it cannot be told. */
export const failureSides = ["client", "proxy", "backend", "unknown"] as const;
export type FailureSide = (typeof failureSides)[number];

/**
 * How far the connection had come: on its way to an open WebSocket, open, or ended before what is counted here could
 * come.
 */
export type FailureStage = "opening" | "open" | "ended";

/** A failure as the client saw it; its side is decided later, from what all three saw. */
export interface ObservedFailure {
  readonly kind: FailureKind;
  /** Close code, HTTP status or HTTP/2 error code, where the kind has one. */
  readonly code: number | null;
  readonly stage: FailureStage;
  readonly count: number;
  /** The first one's circumstances, in a few words. */
  readonly example: string;
}

interface FailureDetails {
  readonly code?: number | null;
  /** "open" unless given. */
  readonly stage?: FailureStage;
  readonly count?: number;
}

/** Counts failures by kind, code and stage; the first of each is kept as its example, without what may be secret in it. */
export class FailureTally {
  readonly #entries = new Map<string, ObservedFailure & { count: number }>();
  readonly #hide: (text: string) => string;
  readonly #added: (kind: FailureKind, count: number) => void;

  /**
   * @param hide takes out of an example what is secret in it
   * @param added told of each
   */
  constructor(
    hide = (text: string): string => maskText(text),
    added: (kind: FailureKind, count: number) => void = () => undefined,
  ) {
    this.#hide = hide;
    this.#added = added;
  }

  add(kind: FailureKind, example: string, details: FailureDetails = {}): void {
    const { code = null, stage = "open", count = 1 } = details;
    if (count === 0) return;
    this.#added(kind, count);
    const key = `${kind}:${code}:${stage}`;
    const entry = this.#entries.get(key);
    if (entry) entry.count += count;
    else this.#entries.set(key, { kind, code, stage, count, example: this.#hide(example) });
  }

  addAll(failures: readonly ObservedFailure[]): void {
    for (const { kind, example, ...details } of failures) this.add(kind, example, details);
  }

  list(): ObservedFailure[] {
    return [...this.#entries.values()];
  }
}
