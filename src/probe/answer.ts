/** What came back to a request, as far as a probe looks at it. */
import type { HeaderField } from "../websocket/header-fields.js";

export type Answer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly statusLine: string;
      readonly fields: readonly HeaderField[];
      readonly bodyStart: string;
    }
  | { readonly kind: "connect-failed"; readonly code: string; readonly words: string }
  | { readonly kind: "tls-failed"; readonly code: string; readonly words: string }
  /** Ended, was reset, said something else than HTTP, or stayed silent. */
  | { readonly kind: "eof" | "timeout" }
  | { readonly kind: "reset"; readonly words: string }
  | { readonly kind: "not-http"; readonly words: string }
  /** HTTP, with a head that breaks its rules or is longer than anybody takes. */
  | { readonly kind: "bad-head"; readonly words: string };
