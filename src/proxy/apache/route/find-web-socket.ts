/**
 * Where in a config WebSockets are proxied: which listener and virtual host to measure, and how to ask for them. Each is
 * tried with the paths that the config's own lines name.
 */
import { UsageError } from "../../../base/errors.js";
import { sampleString } from "../../patterns/sample-string.js";
import { type ConfigTree, type Node, walk } from "../language/config-tree.js";
import { followRequest, type Passed, type Route } from "./follow-request.js";
import { hostsAt, type Listener, listenersOf, nameOf, namesOf } from "./listeners.js";
import { browserRequest } from "./request.js";

export interface WebSocketRoute extends Route {
  /** What to ask for as Host; null where any will do. */
  readonly serverName: string | null;
  readonly path: string;
  readonly tls: boolean;
}

export interface Wanted {
  readonly serverName: string | null;
  readonly path: string | null;
}

/** Asked for first wherever any path will do. */
export const usualPath = "/sock";
/** No honest config needs more, and their product is tried. */
const most = { paths: 60, hosts: 60 };

const telling =
  /(?:^|[^a-z])(ws|wss|websockets?|sock|sockets?|socket\.io|sockjs|cable|hubs?|live|realtime|stream)(?:[^a-z]|$)/i;

/**
 * Null where nothing listens.
 * @throws UsageError when the server asked for is not there
 */
export function findWebSocket(tree: ConfigTree, wanted: Wanted, file: string): WebSocketRoute | null {
  const listeners = listenersOf(tree);
  const hosts = new Set(listeners.flatMap((listener) => hostsAt(tree, listener)));
  const names = [...hosts].flatMap(namesOf);
  if (
    wanted.serverName !== null &&
    !names.some((name) => name.toLowerCase() === wanted.serverName?.toLowerCase())
  )
    throw new UsageError(
      `Cannot find a virtual host named ${wanted.serverName} in ${file}: want one of ${[...new Set(names)].join(", ")}`,
    );
  const paths = wanted.path === null ? pathsOf(tree) : [wanted.path];
  let best: { readonly route: WebSocketRoute; readonly rank: number } | null = null;
  for (const listener of listeners) {
    for (const name of namesAt(tree, listener, wanted.serverName)) {
      for (const path of paths) {
        const route = routeOf(tree, listener, { name, path });
        const rank = rankOf(route);
        if (best === null || rank > best.rank) best = { route, rank };
      }
    }
  }
  return best?.route ?? null;
}

/** Null stands for a name that no virtual host has, which the first one answers for. */
function namesAt(tree: ConfigTree, listener: Listener, wanted: string | null): readonly (string | null)[] {
  if (wanted !== null) return [wanted];
  const names = hostsAt(tree, listener)
    .slice(0, most.hosts)
    .flatMap((host) => nameOf(host) ?? []);
  return [...new Set([...names, null])];
}

/** Where a browser that asks a listener for a name and a path comes to. */
export function routeOf(
  tree: ConfigTree,
  listener: Listener,
  { name, path }: { readonly name: string | null; readonly path: string },
): WebSocketRoute {
  const { port } = listener;
  const plain = followRequest(tree, listener, browserRequest({ url: path, host: name, tls: false, port }));
  const tls = speaksTls(tree, plain.host);
  const route = tls
    ? followRequest(tree, listener, browserRequest({ url: path, host: name, tls, port }))
    : plain;
  return { ...route, serverName: name, path, tls };
}

/** The port alone decides nothing. */
function speaksTls(tree: ConfigTree, host: Node | null): boolean {
  const lines = [...tree, ...(host?.block ?? [])];
  const engine = lines.findLast(({ key }) => key === "sslengine");
  return engine !== undefined && /^on$/i.test(engine.args[0] ?? "");
}

/** Whether what it is passed by carries an upgrade. */
export function carriesUpgrade({ members }: Passed): boolean {
  return members.some(
    ({ target, parameters }) =>
      /^wss?$/.test(target.scheme) ||
      (/^https?$/.test(target.scheme) && /^(?:websocket|any|\*)$/i.test(parameters.get("upgrade") ?? "")),
  );
}

function rankOf({ end, path, serverName, tls, listener, steps }: WebSocketRoute): number {
  const isPassed = end.kind === "passed";
  const isHttp = isPassed && end.members.some(({ target }) => /^(?:wss?|https?)$/.test(target.scheme));
  const byRule = steps.some(({ truth, conditions }) => truth === true && conditions.length > 0);
  const words = `${path === usualPath ? "" : path} ${serverName ?? ""}`;
  // A Location or a rule for WebSockets that leads to none is what is to be looked at.
  const isMeant = telling.test(words);
  return (
    (isPassed ? 16 : 0) +
    (isHttp ? 4 : 0) +
    (isPassed && carriesUpgrade(end) ? 8 : 0) +
    (isPassed && byRule ? 2 : 0) +
    (isMeant ? 9 : 0) +
    (tls ? 0.5 : 0) -
    (serverName === null ? 0.25 : 0) -
    (path === usualPath || path === "/" ? 0 : 0.125) -
    (listener.node === null ? 0 : 0.01)
  );
}

/** Paths that the lines of a config name, the usual one first. */
function pathsOf(tree: ConfigTree): readonly string[] {
  const paths = new Set<string>([usualPath]);
  for (const { node } of walk(tree)) {
    for (const path of pathsIn(node)) if (/^\/[^\s"\\*?[\]]*$/.test(path)) paths.add(path);
    if (paths.size >= most.paths) break;
  }
  return [...paths];
}

function pathsIn({ key, args, block }: Node): readonly string[] {
  const [first = "", second = ""] = args;
  const samples = (pattern: string): readonly string[] => {
    const sample = sampleString(pattern, "", "/");
    return sample === null ? [] : [sample];
  };
  switch (key) {
    case "location":
      return first === "~" ? samples(second) : first.endsWith("/") && first !== "/" ? [`${first}a`] : [first];
    case "locationmatch":
    case "proxypassmatch":
    case "rewriterule":
      return samples(first);
    case "proxypass":
      return block === null && second !== ""
        ? first.endsWith("/") && first !== "/"
          ? [`${first}a`]
          : [first]
        : [];
    case "rewritecond":
      return first === "%{REQUEST_URI}" ? samples(second.replace(/^!/, "")) : [];
    default:
      return [];
  }
}
