/**
 * `limit_req` counts handshakes: after a reload or an outage all clients of an address come back at once.
 */

import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import type { Quote } from "../../diagnosis/quote.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";
import { sharedBy } from "./limit-keys.js";

export function checkLimitReq({ facts, arm }: ProbeContext): readonly Finding[] {
  if (!isNginx(arm) || facts === null) return [notTested("limit-req", "there is no config to read")];
  if (facts.handshakeLimit === null) return [ok("limit-req", ["config: no limit_req for this path"])];
  const { value: rate, by, quote, definition } = facts.handshakeLimit;
  return [
    warning("limit-req", {
      side: "proxy",
      title: `limit_req lets ${rate} of handshakes in for each ${by}`,
      evidence: [evidence(quote), ...(definition === null ? [] : [evidence(definition)])],
      cause: `clients that reconnect together, after a reload say, are delayed or get 503, and come back again; ${sharedBy(by).cause}`,
      cure: "a burst as large as the clients behind one address, nodelay, and a random wait before clients reconnect",
    }),
  ];
}

function evidence({ text, place }: Quote): string {
  return `config: \`${text}\` at ${placeOf(place)}`;
}
