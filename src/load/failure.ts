/**
 * What can go wrong on a connection, as data: stable kinds, counted, each with one example. Documented in
 * docs/failures.md.
 */
export const failureKinds = [
  "refused",
  "reset",
  "eof",
  "closed",
  "upgrade-status",
  "upgrade-timeout",
  "upgrade-invalid",
  "tls",
  "protocol",
  "reply-missing",
  "reply-late",
  "reply-duplicate",
  "reply-wrong",
  "no-descriptors",
  "no-ports",
  "proxy-exited",
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** Whose doing a failure was; `unknown` where it cannot be told. */
export const failureSides = ["client", "proxy", "backend", "unknown"] as const;
export type FailureSide = (typeof failureSides)[number];

/** A failure as the client saw it; its side is decided later, from what all three saw. */
export interface ObservedFailure {
  readonly kind: FailureKind;
  /** Close code or HTTP status, where the kind has one. */
  readonly code: number | null;
  readonly count: number;
  /** The first one's circumstances, in a few words. */
  readonly example: string;
}

/** Counts failures by kind and code; the first of each is kept as its example. */
export class FailureTally {
  readonly #entries = new Map<
    string,
    { kind: FailureKind; code: number | null; count: number; example: string }
  >();

  add(kind: FailureKind, example: string, options: { code?: number | null; count?: number } = {}): void {
    const { code = null, count = 1 } = options;
    if (count === 0) return;
    const key = `${kind}:${code}`;
    const entry = this.#entries.get(key);
    if (entry) entry.count += count;
    else this.#entries.set(key, { kind, code, count, example });
  }

  addAll(failures: readonly ObservedFailure[]): void {
    for (const { kind, code, count, example } of failures) this.add(kind, example, { code, count });
  }

  list(): ObservedFailure[] {
    return [...this.#entries.values()];
  }
}
