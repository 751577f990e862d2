/**
 * Other virtual hosts and other lines of the config: one way is looked at, and a client may come another.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import { type Node, nodeText, virtualHosts, walk, written } from "../language/config-tree.js";
import { carriesUpgrade, routeOf } from "../route/find-web-socket.js";
import { hostsAt, listenersOf, nameOf, namesOf } from "../route/listeners.js";
import { flagsOf } from "../route/rewrite-rules.js";
import { type ConfigView, passedOf } from "./config-view.js";
import { isUpgrading } from "./near-miss.js";

const shownMost = 5;

export function adviseRoutes(view: ConfigView): readonly Finding[] {
  const doubled = doubledHost(view) ?? silentHost(view);
  if (doubled !== null) return [doubled];
  const twin = tlsTwin(view);
  if (twin !== null) return [twin];
  const others = otherLines(view);
  if (others.length === 0) return [ok("other-routes")];
  const more = others.length - shownMost;
  return [
    note("other-routes", {
      title: `${others.length === 1 ? "one other line is" : `${others.length} other lines are`} for WebSockets too, and ${others.length === 1 ? "was" : "were"} not looked at`,
      evidence: [
        ...others.slice(0, shownMost).map((line) => `config: ${written(line)}`),
        ...(more > 0 ? [`config: ${more} more, likewise`] : []),
      ],
      cause: "a probe looks at one path of one virtual host: --path and --server-name choose another",
    }),
  ];
}

/** The first of a name and a port answers for both. */
function doubledHost({ tree, route }: ConfigView): Finding | null {
  if (route === null || route.host === null) return null;
  const name = nameOf(route.host);
  if (name === null) return null;
  const same = hostsAt(tree, route.listener).filter(
    (host) => nameOf(host)?.toLowerCase() === name.toLowerCase(),
  );
  const [first, second] = same;
  if (first === undefined || second === undefined) return null;
  return fault("other-routes", {
    side: "proxy",
    title: "two virtual hosts have one name, and the first answers for both",
    evidence: [first, second].map((host) => `config: ${written(host)}`),
    cause: `both are ${name} at port ${route.listener.port}; what ${written(second)} says is never heard`,
    cure: "one virtual host with the lines of both, or a name for each",
  });
}

/** Of a whole config: nothing listens where a virtual host is. */
function silentHost({ tree, isPart }: ConfigView): Finding | null {
  const listeners = listenersOf(tree);
  if (isPart || listeners.some(({ node }) => node === null)) return null;
  const heard = new Set(listeners.flatMap((listener) => hostsAt(tree, listener)));
  const silent = virtualHosts(tree).find((host) => !heard.has(host) && passesUpgrades(host));
  if (silent === undefined) return null;
  return fault("other-routes", {
    side: "proxy",
    title: "a virtual host for WebSockets is at a port that nothing listens to",
    evidence: [`config: ${written(silent)}`],
    cause: `no \`Listen\` of the config is for ${silent.args.join(" ")}, and Apache starts all the same`,
    cure: `Listen ${/\d+$/.exec(silent.args[0] ?? "")?.[0] ?? "PORT"}`,
  });
}

function passesUpgrades(host: Node): boolean {
  return [...walk(host.block ?? [])].some(({ node }) => isForUpgrades(node));
}

/** ProxyPass, a member or a rule that passes upgrades on. */
function isForUpgrades(node: Node): boolean {
  if (/^(?:proxypass|proxypassmatch|balancermember)$/.test(node.key)) return isUpgrading(node);
  return node.key === "rewriterule" && flagsOf(node).has("P") && /^wss?:/i.test(node.args[1] ?? "");
}

/** A virtual host of the same name for TLS, from which the path comes to no backend. */
function tlsTwin({ tree, route }: ConfigView): Finding | null {
  if (route === null || route.tls || route.end.kind !== "passed" || !carriesUpgrade(route.end)) return null;
  const name = route.serverName;
  for (const listener of listenersOf(tree)) {
    for (const host of hostsAt(tree, listener)) {
      const isTwin = name === null || namesOf(host).some((one) => one.toLowerCase() === name.toLowerCase());
      if (host === route.host || !isTwin) continue;
      const other = routeOf(tree, listener, { name: nameOf(host), path: route.path });
      if (other.host !== host || !other.tls) continue;
      if (other.end.kind === "passed" && carriesUpgrade(other.end)) return null;
      return warning("other-routes", {
        side: "proxy",
        title: "the virtual host that speaks TLS does not pass the WebSocket on",
        evidence: [
          `config: ${written(route.end.by)} passes ${route.path} on, for ws://`,
          `config: ${written(host)} has no such line, for wss://`,
        ],
        cause: "a page that came by https:// may open wss:// alone, and so comes to that virtual host",
        cure: `in it too:\n${nodeText(route.end.by)}`,
      });
    }
  }
  return null;
}

/** Lines for WebSockets that the way does not go by. */
function otherLines(view: ConfigView): readonly Node[] {
  const passed = passedOf(view);
  const taken = new Set([passed?.by, ...(passed?.members ?? []).map(({ node }) => node)]);
  return [...walk(view.tree)].flatMap(({ node }) => (isForUpgrades(node) && !taken.has(node) ? [node] : []));
}
