/**
 * `limit_req` counts handshakes: after a reload or an outage all clients of an address come back at once.
 */
import { placeOf, walk } from "../../proxy/nginx/nginx-tree.js";
import { type Finding, notTested, ok, warning } from "../finding.js";
import type { ProbeContext } from "../probe-context.js";

export function checkLimitReq({ view, arm }: ProbeContext): readonly Finding[] {
  if (arm.kind !== "nginx" || view === null) return [notTested("limit-req", "there is no config to read")];
  const [written] = view.effective("limit_req");
  if (written === undefined) return [ok("limit-req", ["config: no limit_req for this path"])];
  const zone = written.args.find((word) => word.startsWith("zone="))?.slice("zone=".length) ?? "";
  const definition = [...walk(view.tree)].find(
    ({ node }) =>
      node.name === "limit_req_zone" && node.args.some((word) => word.startsWith(`zone=${zone}:`)),
  )?.node;
  const rate = definition?.args.find((word) => word.startsWith("rate="))?.slice("rate=".length) ?? "its rate";
  return [
    warning("limit-req", {
      side: "proxy",
      title: `limit_req lets ${rate} of handshakes in for each ${definition?.args[0] ?? "key"}`,
      evidence: [
        `config: \`limit_req ${written.args.join(" ")}\` at ${placeOf(written.origin)}`,
        ...(definition === undefined
          ? []
          : [`config: \`limit_req_zone ${definition.args.join(" ")}\` at ${placeOf(definition.origin)}`]),
      ],
      cause:
        "clients that reconnect together, after a reload say, are delayed or get 503, and come back again",
      cure: "a burst as large as the clients behind one address, nodelay, and a random wait before clients reconnect",
    }),
  ];
}
