/**
 * Libraries that begin with plain requests and upgrade later keep a session on one server: with several in a backend, a
 * client has to come back to the same one.
 */
import { type Finding, note, ok } from "../../../diagnosis/finding.js";
import { libraryAt } from "../../sticky-libraries.js";
import { type ConfigLine, sectionText } from "../language/config-tree.js";
import { effective, scopesOf } from "../language/effective.js";
import { type ConfigView, serverParameter, written, writtenSection } from "./config-view.js";
import { countOf } from "./facts.js";

/** Algorithms that choose by something of the client or its request, and not by whose turn it is. */
const keepers = /^(?:source|uri|url_param|hdr|rdp-cookie|hash)\b/;

export function adviseStickiness(view: ConfigView): readonly Finding[] {
  const { backend, servers, route } = view;
  const count = servers.reduce((sum, server) => sum + countOf(server), 0);
  const library = libraryAt(route?.path ?? "/");
  if (backend === null || library === null || count < 2) return [ok("stickiness")];
  const balance = effective(backend, view.tree, ["balance"]);
  const isKept = keepers.test(balance?.args[0] ?? "") && !balance?.args.includes("whole");
  const cookie = effective(backend, view.tree, ["cookie"]);
  if (isKept || sticks(view) || (cookie !== null && keepsByCookie(view, cookie))) return [ok("stickiness")];
  const name = sectionText(backend);
  return [
    note("stickiness", {
      title: `handshakes of a client spread over ${count} servers: ${library} needs a cookie or \`balance source\``,
      evidence: [
        `config: ${writtenSection(backend)} has ${count} servers`,
        balance === null
          ? "config: no balance in it: by turns, HAProxy's default"
          : `config: ${written(balance)} spreads the requests of a client`,
        ...(cookie === null ? [] : [`config: ${written(cookie)}, and no server has a \`cookie\` value`]),
      ],
      cause: `${library} opens a session by a plain request and upgrades it with another one, which a server that does not know the session answers with 400; in ${name}: \`cookie SERVER insert indirect nocache\` with \`cookie NAME\` at each server, or \`balance source\``,
    }),
  ];
}

function sticks({ backend, tree }: ConfigView): boolean {
  const scopes = backend === null ? [] : scopesOf(backend, tree);
  return scopes.some(({ lines }) =>
    lines.some(({ name, args }) => name === "stick" && /^(?:on|match)$/.test(args[0] ?? "")),
  );
}

/** A server without a value of its own is never named in the cookie, unless HAProxy makes the values. */
function keepsByCookie(view: ConfigView, cookie: ConfigLine): boolean {
  if (cookie.negated) return false;
  const valued = view.servers.filter((server) => serverParameter(view, server, "cookie") !== null);
  return cookie.args.includes("dynamic") || valued.length === view.servers.length;
}
