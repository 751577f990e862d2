/**
 * A JSON config told in a Caddyfile's words: a site a server, a `route` a route, each with the place in the JSON. It is
 * there to be followed and explained; what runs is the JSON.
 */
import type { Block, ConfigTree, Directive } from "./config-tree.js";
import type { JsonDocument } from "./json-document.js";
import { handlerLines, type JsonNode, lineOf, nodeOf, wordOf } from "./json-handlers.js";
import { matcherLines } from "./json-matchers.js";

export function jsonTree(json: JsonDocument): ConfigTree {
  const root: JsonNode = { json, path: [], value: json.value };
  const servers = nodeOf(root, "apps", "http", "servers");
  const sites = Object.keys(asRecord(servers.value)).map((name) => siteOf(nodeOf(servers, name)));
  return [globalOf(root), ...sites];
}

function globalOf(root: JsonNode): Block {
  const lines: Directive[] = [];
  const grace = nodeOf(root, "apps", "http", "grace_period");
  if (grace.value !== undefined) lines.push(lineOf(grace, "grace_period", [String(grace.value)]));
  return { kind: "global", keys: [], lines, place: root.json.placeOf([]), order: "literal" };
}

function siteOf(server: JsonNode): Block {
  const listens = asList(nodeOf(server, "listen").value).map(String);
  const hasTls = nodeOf(server, "tls_connection_policies").value !== undefined;
  const place = server.json.placeOf(server.path);
  const node = nodeOf(server, "listen");
  const keys = listens.map((listen) => wordOf(node, `${hasTls ? "https" : "http"}://${addressOf(listen)}`));
  return { kind: "site", keys, lines: routeLines(nodeOf(server, "routes")), place, order: "literal" };
}

/** "tcp/127.0.0.1:80" without its network, and without the address that is bound to: a site is asked by any name. */
function addressOf(listen: string): string {
  const port = /:(\d+)(?:-\d+)?$/.exec(listen)?.[1];
  return port === undefined ? listen : `:${port}`;
}

/** Routes of a group exclude one another, and so does one that says it is the last. */
function routeLines(routes: JsonNode): Directive[] {
  return asList(routes.value).flatMap((_, index) => {
    const route = nodeOf(routes, index);
    const name = `@${[...route.path].join(".")}`;
    const matchers = asList(nodeOf(route, "match").value).map((_match, at): Directive => {
      const match = nodeOf(route, "match", at);
      return { ...lineOf(match, name, []), block: matcherLines(match) };
    });
    const handlers = nodeOf(route, "handle");
    const inner = asList(handlers.value).flatMap((_handler, at) =>
      handlerLines(nodeOf(handlers, at), routeLines),
    );
    const isLast = nodeOf(route, "group").value !== undefined || nodeOf(route, "terminal").value === true;
    const literal: Directive = { ...lineOf(route, "route", []), block: inner };
    const args = matchers.length === 0 ? [] : [name];
    const line: Directive = isLast
      ? { ...lineOf(route, "handle", args), block: [literal] }
      : { ...literal, args: lineOf(route, "route", args).args };
    return [...matchers, line];
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
