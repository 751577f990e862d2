/**
 * How a pong server stands to its clients for a while: what a backend does that is rolled out anew.
 */
export type Posture =
  | { readonly kind: "serving" }
  /** It closes every open WebSocket with this code, and answers new handshakes with this status. */
  | { readonly kind: "draining"; readonly code: number; readonly status: 503 }
  /** As after its process's death: every stream has ended without a word, and nobody listens. */
  | { readonly kind: "down" };
