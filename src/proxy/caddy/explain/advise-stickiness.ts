/**
 * Libraries that begin with plain requests and upgrade later keep a session on one server: with several upstreams a client has
 * to come back to the same one.
 */
import { type Finding, note, ok } from "../../../diagnosis/finding.js";
import { libraryAt } from "../../sticky-libraries.js";
import { lineNamed } from "../language/config-tree.js";
import { upstreamWords } from "../route/addresses.js";
import { type ConfigView, written } from "./config-view.js";

/** Policies that choose by something of the client or its request, and not by chance. */
const keepers = /^(?:ip_hash|client_ip_hash|uri_hash|query|header|cookie|first)$/;

export function adviseStickiness({ proxy, route }: ConfigView): Finding {
  const library = libraryAt(route?.path ?? "/");
  const count = proxy === null ? 0 : upstreamWords(proxy).length;
  const policy = proxy === null ? null : lineNamed(proxy, "lb_policy");
  if (proxy === null || library === null || count < 2 || keepers.test(policy?.args[0]?.text ?? ""))
    return ok("stickiness");
  return note("stickiness", {
    title: `handshakes of a client spread over ${count} upstreams: ${library} needs \`lb_policy cookie\` or \`ip_hash\``,
    evidence: [
      `config: ${written(proxy)}`,
      policy === null
        ? "config: no lb_policy in it: by chance, Caddy's default"
        : `config: ${written(policy)} spreads the requests of a client`,
    ],
    cause: `${library} opens a session by a plain request and upgrades it with another one, which a server that does not know the session answers with 400; in the \`reverse_proxy\`: \`lb_policy cookie\``,
  });
}
