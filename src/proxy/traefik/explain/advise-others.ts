/**
 * What the config shows beside the way that is looked at: other routers, some of which Traefik passes over; who comes back to
 * which server.
 */
import { type Finding, note, ok, warning } from "../../../diagnosis/finding.js";
import { libraryAt } from "../../sticky-libraries.js";
import { nodeAt } from "../language/fields.js";
import { serversOf, wayOf } from "../route/follow-route.js";
import { parseRule } from "../route/parse-rule.js";
import { entryPointsOf, type Router, routersOf } from "../route/parts.js";
import { portedHosts, sampleOf } from "../route/sample-request.js";
import type { ConfigView } from "./config-view.js";
import { routerWords, serviceWords } from "./things.js";

const shownMost = 5;

/** Paths that are nothing but a WebSocket's. */
const telling = /(?:^|[/_.-])(?:wss?|websockets?|socket\.io|sockjs|cable)(?:[/_.-]|$)/i;

export function adviseRoutes(view: ConfigView): readonly Finding[] {
  const { read, route, way } = view;
  if (route === null) return [ok("other-routes")];
  const all = routersOf(read);
  const others = all.filter((one) => one.name !== route.meant.router.name && one.name !== way?.router.name);
  const broken = others.flatMap((router) => {
    const why = whyPassedOver(view, router);
    return why === null ? [] : [`config: ${routerWords(router)}: ${why}`];
  });
  if (broken.length > 0) return [passedOver(broken)];
  const sockets = others.filter((router) => telling.test(sampleOf(router).path ?? ""));
  return sockets.length === 0 ? [ok("other-routes")] : [further(sockets)];
}

/** Traefik goes on without a router that it cannot make sense of. */
function whyPassedOver({ read }: ConfigView, router: Router): string | null {
  const entryPoints = entryPointsOf(read).map(({ name }) => name);
  const unknown = router.entryPoints.filter((name) => !entryPoints.includes(name));
  if (unknown.length > 0 && unknown.length === router.entryPoints.length)
    return `there is no entry point ${unknown.join(", ")}`;
  if (parseRule(router.rule) === null) return "its rule cannot be read";
  // What other providers give is not known here.
  const missing = wayOf(read, router, null).missing.find(({ name }) => !/@(?!file$)/.test(name));
  if (missing !== undefined) return `there is no ${missing.kind} ${missing.name}`;
  const [ported] = portedHosts(router);
  return ported === undefined
    ? null
    : `no request has the Host ${ported}: Traefik compares names without their ports`;
}

function passedOver(broken: readonly string[]): Finding {
  return warning("other-routes", {
    side: "proxy",
    title: `${broken.length === 1 ? "one other router takes" : `${broken.length} other routers take`} no request at all`,
    evidence: broken.slice(0, shownMost),
    cause: "Traefik goes on without a router that it cannot make sense of, and says so in its log alone",
    cure: "correct what each of them names",
  });
}

function further(sockets: readonly Router[]): Finding {
  return note("other-routes", {
    title: `${sockets.length === 1 ? "one other router is for WebSockets too, and was" : `${sockets.length} other routers are for WebSockets too, and were`} not looked at`,
    evidence: sockets.slice(0, shownMost).map((router) => `config: ${routerWords(router)}`),
    cause: "a probe looks at one path of one host: --path and --server-name choose another",
  });
}

/** Libraries that begin with plain requests and upgrade later keep a session on one server. */
export function adviseStickiness(view: ConfigView): readonly Finding[] {
  const { route, way } = view;
  const library = libraryAt(route?.path ?? "/");
  const [balancer] = way?.balancers ?? [];
  const count = (way?.balancers ?? []).reduce((sum, one) => sum + serversOf(one).length, 0);
  if (library === null || balancer === undefined || count < 2) return [ok("stickiness")];
  if (nodeAt(balancer, "sticky") !== null) return [ok("stickiness")];
  return [
    note("stickiness", {
      title: `handshakes of a client spread over ${count} servers: ${library} needs them to come to one`,
      evidence: [
        `config: ${serviceWords(view, balancer)} has ${serversOf(balancer).length} servers, and no \`sticky\``,
      ],
      cause: `${library} opens a session by a plain request and upgrades it with another one, which a server that does not know the session answers with 400; \`sticky: {cookie: {}}\` in the loadBalancer keeps a client at one server`,
    }),
  ];
}
