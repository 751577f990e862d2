/**
 * `limit_req` counts handshakes: after a reload or an outage all clients of an address come back at once.
 */
import { type Finding, ok, warning } from "../../../diagnosis/finding.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import { sharedBy } from "./limit-keys.js";
import type { Reading } from "./reading.js";

export function adviseHandshakes({ facts: { handshakeLimit } }: Reading): readonly Finding[] {
  if (handshakeLimit === null) return [ok("limit-req", ["config: no limit_req for this path"])];
  const { value: rate, by, quote, definition } = handshakeLimit;
  const quotes = definition === null ? [quote] : [quote, definition];
  return [
    warning("limit-req", {
      side: "proxy",
      title: `limit_req lets ${rate} of handshakes in for each ${by}`,
      evidence: quotes.map((one) => `config: ${quoteAt(one)}`),
      cause: `clients that reconnect together, after a reload say, are delayed or get 503, and come back again; ${sharedBy(by).cause}`,
      cure: "a burst as large as the clients behind one address, nodelay, and a random wait before clients reconnect",
    }),
  ];
}
