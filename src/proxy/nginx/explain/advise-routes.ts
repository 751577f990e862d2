/**
 * Other servers and locations of the config: one is looked at, and a client may come to any.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import { placeOf } from "../language/nginx-tree.js";
import { type OtherRoute, otherRoutes, serverInPlace, tlsServerWithout } from "./other-routes.js";
import type { Reading } from "./reading.js";

const shownMost = 5;
/** Paths that are nothing but a WebSocket's. */
const telling = /(^|[/_.^-])(wss?|websockets?|socket\\?\.io|sockjs(-node)?|cable)([/_.$-]|$)/i;

export function adviseRoutes({ view, path }: Reading): readonly Finding[] {
  const first = serverInPlace(view);
  if (first !== null && view.server !== null) {
    const place = placeOf(view.server.origin);
    return [
      fault("other-routes", {
        side: "proxy",
        title: "nginx never comes to the server that was looked at: another one has its name",
        evidence: [
          `config: the servers at ${placeOf(first.origin)} and ${place} have one name at one address`,
        ],
        cause: `of two servers with the same name at the same address nginx ignores the later one (\`conflicting server name\` in its log): the server at ${placeOf(first.origin)} answers`,
        cure: `merge the two, or give the server at ${place} a server_name of its own`,
      }),
    ];
  }
  const twin = tlsServerWithout(view, path);
  if (twin !== null) {
    return [
      warning("other-routes", {
        side: "proxy",
        title: "the server of the same name that speaks TLS does not pass the upgrade on",
        evidence: [
          `config: ${view.where} passes it on, for ws://`,
          `config: the server at ${placeOf(twin.origin)} serves ${path} for wss://`,
        ],
        cause: "a page that came by https:// may open wss:// alone, and so comes to that server",
        cure: `the same location in the server at ${placeOf(twin.origin)}`,
      }),
    ];
  }
  return [compare(otherRoutes(view))];
}

function compare(others: readonly OtherRoute[]): Finding {
  const lacking = others.filter(({ upgrades }) => !upgrades);
  const passing = others.filter(({ upgrades }) => upgrades);
  const mistaken = lacking.filter(({ location }) => telling.test(location?.args.at(-1) ?? ""));
  const lines = [
    ...shown(passing, "passes Upgrade on too, and was not looked at"),
    ...shown(lacking, "proxies without Upgrade"),
  ];
  const [worst] = mistaken;
  if (worst !== undefined) {
    return warning("other-routes", {
      side: "proxy",
      title: `${mistaken.length === 1 ? "another location" : `${mistaken.length} other locations`} with a WebSocket's path ${mistaken.length === 1 ? "does" : "do"} not pass the upgrade on`,
      evidence: lines,
      cause: `its path tells of WebSockets, and neither Upgrade nor Connection is set for ${worst.words}`,
      cure: `in ${worst.words}:\nproxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";`,
    });
  }
  if (passing.length === 0) return ok("other-routes", lines);
  return note("other-routes", {
    title: `${passing.length === 1 ? "one other location passes" : `${passing.length} other locations pass`} Upgrade on, and ${passing.length === 1 ? "was" : "were"} not looked at`,
    evidence: lines,
    cause: "a probe looks at one path of one server: --path and --server-name choose another",
  });
}

function shown(routes: readonly OtherRoute[], what: string): string[] {
  const more = routes.length - shownMost;
  return [
    ...routes.slice(0, shownMost).map(({ words }) => `config: ${words} ${what}`),
    ...(more > 0 ? [`config: ${more} more, likewise`] : []),
  ];
}
