/**
 * What the opening handshake carries both ways, so that one exchange shows what becomes of all of it.
 */
export const offered = {
  subprotocols: "wsrally.probe, wsrally.other",
  subprotocol: "wsrally.probe",
  /** As Chrome and Firefox send it. */
  extensions: "permessage-deflate; client_max_window_bits",
  cookie: "wsrally=probe; theme=dark",
  /** RFC 5737's address for documentation: nobody's. */
  forwardedFor: "203.0.113.7",
  userAgent: "wsrally-probe",
} as const;

/** In the backend's 101. Agreeing on the extension binds nobody to compress. */
export const answeredFields = {
  extensions: "permessage-deflate",
  cookie: "wsrally=session; Path=/; HttpOnly",
} as const;

export const offeredHeaders: Readonly<Record<string, string>> = {
  "User-Agent": offered.userAgent,
  "Sec-WebSocket-Protocol": offered.subprotocols,
  "Sec-WebSocket-Extensions": offered.extensions,
  Cookie: offered.cookie,
  "X-Forwarded-For": offered.forwardedFor,
};
