/**
 * What an nginx config says of the connections to one path: the facts that any proxy's config has, with nginx's own
 * words for each. Where the config passes to servers of its own, what holds is the strictest on the way.
 */
import type { ConfigFacts, HandshakeLimit, KeyedLimit } from "../../../diagnosis/config-facts.js";
import type { Stated } from "../../../diagnosis/quote.js";
import { secondsOf } from "../language/nginx-times.js";
import { type Directive, outermost, quoteOf, walk } from "../language/nginx-tree.js";
import { type ConfigView, hopsOf, viewsBehind } from "./config-view.js";
import { roomFacts } from "./room-facts.js";
import { workerRoom } from "./worker-room.js";

const defaultIdleS = 60;
const defaultBacklog = 511;

export interface FactsSettings {
  readonly path: string;
  /** What `worker_processes auto` comes to. */
  readonly autoWorkers: number;
}

export function nginxFacts(view: ConfigView, { path, autoWorkers }: FactsSettings): ConfigFacts {
  const { tree } = view;
  const { workers, connectionsEach } = workerRoom(tree, {
    autoWorkers,
    hops: hopsOf(view).most,
  });
  const ways = [view, ...viewsBehind(view, path)];
  return {
    workers,
    idleS: least(ways.map(idleOf)),
    shutdownS: shutdownOf(tree),
    room: roomFacts(view, autoWorkers),
    connectionLimit:
      ways.flatMap((way) => connectionLimits(way, way === view)).sort((a, b) => a.value - b.value)[0] ?? null,
    handshakeLimit:
      ways.flatMap((way) => handshakeLimits(way, way === view)).sort((a, b) => a.perS - b.perS)[0] ?? null,
    backlog: backlogOf(tree),
    filesPerConnection: connectionsEach,
  };
}

function least(times: readonly Stated<number | null>[]): Stated<number | null> {
  const [shortest] = [...times].sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity));
  if (shortest === undefined) throw new RangeError("There is no way through this config");
  return shortest;
}

function idleOf(view: ConfigView): Stated<number | null> {
  const [written] = view.effective("proxy_read_timeout");
  if (written === undefined) {
    return {
      value: defaultIdleS,
      quote: { text: `proxy_read_timeout ${defaultIdleS}s by default`, place: null },
    };
  }
  return { value: secondsOf(written.args[0] ?? ""), quote: quoteOf(written) };
}

function shutdownOf(tree: readonly Directive[]): Stated<number | null> {
  const written = outermost(tree, "worker_shutdown_timeout");
  if (written === null) return { value: null, quote: { text: "no worker_shutdown_timeout", place: null } };
  // 0 is nginx's word for no limit.
  return { value: secondsOf(written.args[0] ?? "") || null, quote: quoteOf(written) };
}

function connectionLimits(view: ConfigView, holdsForAll: boolean): KeyedLimit<number>[] {
  if (isDryRun(view, "limit_conn_dry_run")) return [];
  return view.effective("limit_conn").map((written) => ({
    value: Number(written.args[1]),
    quote: quoteOf(written),
    holdsForAll,
    ...keyOf(zoneNamed(view.tree, "limit_conn_zone", written.args[0])),
  }));
}

function handshakeLimits(view: ConfigView, holdsForAll: boolean): HandshakeLimit[] {
  if (isDryRun(view, "limit_req_dry_run")) return [];
  return view.effective("limit_req").map((written) => {
    const zone = zoneNamed(view.tree, "limit_req_zone", parameterOf(written, "zone"));
    const rate = zone === null ? null : parameterOf(zone, "rate");
    return {
      value: rate ?? "its rate",
      perS: perSecond(rate ?? ""),
      burst: Number(parameterOf(written, "burst") ?? 0),
      delays: !written.args.includes("nodelay"),
      quote: quoteOf(written),
      holdsForAll,
      ...keyOf(zone),
    };
  });
}

/** Counted and logged, and nobody turned away. */
function isDryRun(view: ConfigView, name: string): boolean {
  return view.effective(name)[0]?.args[0] === "on";
}

/** `10r/s`, `30r/m`. */
function perSecond(rate: string): number {
  const [, count = "", unit = ""] = /^(\d+)r\/([sm])$/.exec(rate) ?? [];
  return count === "" ? Number.POSITIVE_INFINITY : Number(count) / (unit === "m" ? 60 : 1);
}

function zoneNamed(
  tree: readonly Directive[],
  kind: string,
  wanted: string | null | undefined,
): Directive | null {
  const named = ({ name, args }: Directive): boolean =>
    name === kind && args.some((word) => word.startsWith(`zone=${wanted}:`));
  return [...walk(tree)].find(({ node }) => named(node))?.node ?? null;
}

function keyOf(zone: Directive | null): Pick<KeyedLimit<unknown>, "by" | "definition"> {
  return { by: zone?.args[0] ?? "key", definition: zone === null ? null : quoteOf(zone) };
}

function parameterOf({ args }: Directive, key: string): string | null {
  return args.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
}

/** The shortest queue of all its sockets. */
function backlogOf(tree: readonly Directive[]): Stated<number> {
  const [shortest] = [...walk(tree)]
    .filter(({ node }) => node.name === "listen")
    .flatMap(({ node }) => {
      const asked = parameterOf(node, "backlog");
      return asked === null ? [] : [{ value: Number(asked), quote: quoteOf(node) }];
    })
    .sort((a, b) => a.value - b.value);
  return (
    shortest ?? {
      value: defaultBacklog,
      quote: { text: `listen … backlog=${defaultBacklog}`, place: null },
    }
  );
}
