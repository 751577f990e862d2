/**
 * Where in a config WebSockets are proxied: which server and location to measure, and how to ask for them.
 */
import { UsageError } from "../../../base/errors.js";
import { sampleString } from "../../patterns/sample-string.js";
import { speaksTls } from "../language/listen-address.js";
import { type Directive, type Path, placeOf, walk } from "../language/nginx-tree.js";
import { followRequest } from "./follow-request.js";
import { findOwnHops } from "./own-hops.js";
import { locationMatch, selectLocation } from "./select-location.js";
import { nameFit, sampleServerName, serverNames } from "./server-names.js";

export interface WebSocketRoute {
  readonly server: Directive;
  /** The blocks around the proxy_pass, outermost first. */
  readonly around: Path;
  /** What to ask for as Host; null where any will do. */
  readonly serverName: string | null;
  readonly path: string;
  /** Whether an Upgrade header is passed on there. */
  readonly upgrades: boolean;
  /** Whether the path leads there, as far as locations tell. */
  readonly leads: boolean;
}

interface Wanted {
  /** What the user asks to have measured; null for what the config itself says. */
  readonly serverName: string | null;
  readonly path: string | null;
}

interface Candidate {
  readonly server: Directive;
  readonly around: Path;
  readonly path: string | null;
  /** One that looks as if it led there, though another location takes it. */
  readonly seeming: string | null;
  readonly upgrades: boolean;
  readonly rank: number;
}

/** Asked for first wherever a location takes any path. */
const usualPath = "/sock";
const telling = /\b(ws|wss|websockets?|sock|sockets?|socket\.io|sockjs|cable|hubs?|live|realtime|stream)\b/i;

/**
 * The best of all proxy_pass: one that passes Upgrade on, that the path leads to, that sets the header in its own
 * location; a server that another of the config passes to stands back behind that one. Null when the config proxies
 * nothing.
 * @throws UsageError when the server asked for is not there, or no path to the location can be told
 */
export function findWebSocket(
  tree: readonly Directive[],
  wanted: Wanted,
  file: string,
): WebSocketRoute | null {
  const chosen = wanted.serverName === null ? null : serverNamed(tree, wanted.serverName, file);
  const inner = new Set(findOwnHops(tree).flatMap(({ servers }) => servers));
  let best: Candidate | null = null;
  for (const { node, path: around } of walk(tree)) {
    const server = around.find(({ name }) => name === "server");
    if (node.name !== "proxy_pass" || server === undefined || around[0]?.name !== "http") continue;
    if (chosen !== null && server !== chosen) continue;
    const candidate = examine(server, around, {
      tree,
      wantedPath: wanted.path,
      isInner: inner.has(server),
    });
    if (candidate.rank > (best?.rank ?? -8)) best = candidate;
  }
  if (best === null) {
    if (chosen === null) return null;
    throw new UsageError(
      `Cannot measure the server ${wanted.serverName} of ${file}: it proxies nothing (${placeOf(chosen.origin)})`,
    );
  }
  const { server, around, upgrades } = best;
  const path = wanted.path ?? best.path;
  if (path === null) throw pathless(best);
  const leads = best.path !== null;
  return { server, around, upgrades, leads, path, serverName: wanted.serverName ?? sampleServerName(server) };
}

/** No path is known to lead to the best of all locations. */
class PathlessError extends UsageError {
  /** One that seems to, where there is one. */
  readonly seeming: string | null;

  constructor(message: string, seeming: string | null) {
    super(message);
    this.seeming = seeming;
  }
}

function pathless({ around, seeming }: Candidate): PathlessError {
  const location = around.findLast(({ name }) => name === "location");
  const words = `\`location ${location?.args.join(" ")}\` (${placeOf(location?.origin ?? null)})`;
  return new PathlessError(
    seeming === null
      ? `Cannot tell a path that leads to ${words}: give one with --path`
      : `Cannot tell a path that leads to ${words}: another location takes ${seeming}; give one with --path`,
    seeming,
  );
}

/** A path to look at: one that leads where WebSockets are proxied, else one that seems to. @returns null for none */
export function seemingPath(tree: readonly Directive[], serverName: string | null): string | null {
  try {
    return findWebSocket(tree, { path: null, serverName }, "the config")?.path ?? null;
  } catch (thrown) {
    if (thrown instanceof PathlessError) return thrown.seeming;
    if (thrown instanceof UsageError) return null;
    throw thrown;
  }
}

function serverNamed(tree: readonly Directive[], wanted: string, file: string): Directive {
  const servers = [...walk(tree)]
    .filter(({ node, path }) => node.name === "server" && path.at(-1)?.name === "http")
    .map(({ node }) => node);
  const [best] = servers
    .map((server) => ({ server, fit: nameFit(server, wanted) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit);
  if (best !== undefined) {
    // Of servers with one name, as for http and https, the one that proxies.
    const equals = servers.filter((server) => nameFit(server, wanted) === nameFit(best.server, wanted));
    return equals.find((server) => [...walk([server])].some(({ node }) => isPass(node))) ?? best.server;
  }
  const names = servers.flatMap(serverNames).filter((name) => name !== "_" && name !== "");
  const known = names.length === 0 ? "none has a name" : `want one of ${[...new Set(names)].join(", ")}`;
  throw new UsageError(`Cannot find a server named ${wanted} in ${file}: ${known}`);
}

function isPass({ name }: Directive): boolean {
  return name === "proxy_pass";
}

interface Question {
  readonly tree: readonly Directive[];
  readonly wantedPath: string | null;
  /** Whether another server of the config passes to this one. */
  readonly isInner: boolean;
}

function examine(server: Directive, around: Path, { tree, wantedPath, isInner }: Question): Candidate {
  // proxy_set_header of one level takes the place of all that stand further out.
  const level = around.findLast(({ block }) => block?.some(({ name }) => name === "proxy_set_header"));
  const upgrades = (level?.block ?? []).some(
    ({ name, args }) => name === "proxy_set_header" && args[0]?.toLowerCase() === "upgrade" && args[1] !== "",
  );
  const leaf = around.findLast(({ name }) => name === "location") ?? null;
  const { path, seeming } =
    leaf === null ? pathlessSample : samplePath({ tree, server, leaf, around, wantedPath });
  const own = upgrades && level !== undefined && level.name !== "server" && level.name !== "http";
  const told = telling.test(leaf?.args.join(" ") ?? "");
  const rank =
    (upgrades ? 8 : 0) + (path === null ? 0 : 4) + (own ? 2 : 0) + (told ? 1 : 0) - (isInner ? 4 : 0);
  return { server, around, path, seeming, upgrades, rank };
}

interface PathQuestion {
  readonly tree: readonly Directive[];
  readonly server: Directive;
  readonly leaf: Directive;
  readonly around: Path;
  readonly wantedPath: string | null;
}

type Sample = Pick<Candidate, "path" | "seeming">;

const pathlessSample: Sample = { path: null, seeming: null };

/** A path that nginx answers from this location; null when none is known, or the one wanted does not. */
function samplePath({ tree, server, leaf, around, wantedPath }: PathQuestion): Sample {
  const inner = pathsOf(leaf);
  // A pattern within a prefix location says only the end of the path.
  const nested = outerPrefixes(around).flatMap((prefix) => inner.map((path) => `${prefix}${path}`));
  const own = [usualPath, ...inner, ...nested];
  const leads = createLead(tree, server, leaf);
  if (wantedPath !== null) return { path: leads(wantedPath) ? wantedPath : null, seeming: null };
  const seeming = isHidden(leaf) ? null : (inner.find((path) => path.startsWith("/")) ?? null);
  // A request may be handed on from any other location.
  return { path: own.find(leads) ?? entrancesOf(server, leaf).flatMap(pathsOf).find(leads) ?? null, seeming };
}

function createLead(
  tree: readonly Directive[],
  server: Directive,
  leaf: Directive,
): (path: string) => boolean {
  const asked = { host: sampleServerName(server), connection: "Upgrade", tls: speaksTls(server) };
  return (path) => {
    if (!path.startsWith("/")) return false;
    const { locations, answer } = followRequest(tree, server, { ...asked, path });
    if (answer?.name === "internal") return false;
    // Whether what answers before is for this request is not always to be told.
    return (answer === null ? locations : selectLocation(server, path)).at(-1) === leaf;
  };
}

function outerPrefixes(around: Path): string[] {
  return around
    .filter(({ name }) => name === "location")
    .slice(0, -1)
    .map(locationMatch)
    .flatMap((match) => (match.kind === "prefix" ? [match.text.replace(/\/$/, "")] : []));
}

/** More locations than are asked for a way to another one. */
const mostEntrances = 100;

/** A location that no client's path leads to is reached from others, by try_files, error_page or rewrite. */
function entrancesOf(server: Directive, leaf: Directive): Directive[] {
  if (!isHidden(leaf)) return [];
  const locations = [...walk([server])]
    .filter(({ node }) => node.name === "location")
    .map(({ node }) => node);
  return [...locations, server].slice(0, mostEntrances);
}

function isHidden(leaf: Directive): boolean {
  return locationMatch(leaf).kind === "named" || leaf.block?.some(({ name }) => name === "internal") === true;
}

function pathsOf(location: Directive): string[] {
  if (location.name === "server") return ["/"];
  const match = locationMatch(location);
  switch (match.kind) {
    case "exact":
      return [match.text];
    case "prefix":
      return [match.text, `${match.text}/`, `${match.text}sock`];
    case "pattern":
      return [sampleString(match.text, match.flags, "/") ?? ""];
    case "named":
      return [];
  }
}
