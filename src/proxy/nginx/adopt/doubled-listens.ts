/**
 * Listens that nginx refuses beside each other. The server that is measured gets a socket of its own, where nginx could
 * no longer see the clash, so that it is told here, in nginx's words.
 */

import { normalAddress } from "../language/listen-address.js";
import { type Directive, placeOf, walk } from "../language/nginx-tree.js";
import { NginxRefusedError } from "../run/config-refused-error.js";

/** What makes a listen one "with options", as nginx calls it. */
const socketOption =
  /^(bind|setfib=.*|fastopen=.*|backlog=.*|rcvbuf=.*|sndbuf=.*|accept_filter=.*|deferred|ipv6only=.*|reuseport|so_keepalive=.*|multipath)$/;

/** @throws NginxRefusedError for two defaults, two sets of options, or the same listen twice in one server */
export function refuseDoubledListens(tree: readonly Directive[]): void {
  const taken = new Set<string>();
  const numbers = new Map<Directive, number>();
  for (const { node, path } of walk(tree)) {
    const server = path.at(-1);
    if (node.name !== "listen" || server?.name !== "server" || node.args.length === 0) continue;
    const [written = "", ...parameters] = node.args;
    if (!numbers.has(server)) numbers.set(server, numbers.size);
    const protocol = parameters.includes("quic") ? "udp" : "tcp";
    const address = `${normalAddress(written)}/${protocol}`;
    const claim = (what: string, words: string): void => {
      const key = `${what} ${address}`;
      if (taken.has(key)) {
        const shown = normalAddress(written).replace(/^\*/, "0.0.0.0");
        throw new NginxRefusedError(
          node.origin?.file ?? "the config",
          `${words} ${shown} in ${placeOf(node.origin)}`,
        );
      }
      taken.add(key);
    };
    claim(`listen of ${numbers.get(server)}`, "a duplicate listen");
    if (parameters.some((word) => socketOption.test(word))) claim("options", "duplicate listen options for");
    if (parameters.some((word) => word === "default_server" || word === "default")) {
      claim("default", "a duplicate default server for");
    }
  }
}
