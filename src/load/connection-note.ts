/**
 * What befell a connection that is kept up, and when: from these notes a client's time without a connection is known
 * to the microsecond, and who was cut by what.
 */
import type { FailureKind } from "./failure.js";

/** `atNs` is of the shared monotonic clock. */
export type ConnectionNote =
  | {
      readonly what: "lost";
      readonly atNs: number;
      readonly kind: FailureKind;
      /** Of the close frame, where there was one. */
      readonly code: number | null;
    }
  /** An opening was begun: it ends with `back`, or fails and is tried again. */
  | { readonly what: "tried"; readonly atNs: number }
  /** It is open again, after so long without. */
  | { readonly what: "back"; readonly atNs: number; readonly downNs: number };
