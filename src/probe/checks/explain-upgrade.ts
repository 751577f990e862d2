/**
 * Why Upgrade or Connection did not reach the backend, told from the config.
 */

import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { upgradeLines } from "../../proxy/nginx/explain/nginx-versions.js";
import { type Directive, placeOf, walk } from "../../proxy/nginx/nginx-tree.js";

interface Explanation {
  readonly cause: string;
  readonly cure: string;
}

const hopByHop =
  "nginx passes neither Upgrade nor Connection on unless it is told to: both are hop-by-hop headers";

export function explainLostUpgrade(view: ConfigView | null, version: string | null): Explanation {
  const lines = upgradeLines(version);
  if (view === null) {
    return { cause: "what stands between passes neither header on", cure: "pass Upgrade and Connection on" };
  }
  const cure = `${view.whereHeaders}:\n${lines}`;
  const headers = view.effective("proxy_set_header");
  const upgrade = headerNamed(headers, "upgrade");
  const connection = headerNamed(headers, "connection");
  if (upgrade !== undefined && connection !== undefined) return wrongValue(upgrade, connection, view, lines);
  if (upgrade !== undefined) {
    return {
      cause: `${placeOf(upgrade.origin)} sets Upgrade, but nothing sets Connection, which nginx sends as its own`,
      cure: `${view.whereHeaders}:\nproxy_set_header Connection "upgrade";`,
    };
  }
  const shadowed = shadowedHeader(view);
  if (shadowed !== null && headers.length > 0) {
    return {
      cause:
        `Upgrade is set at ${placeOf(shadowed.origin)}, but ${placeOf(headers[0]?.origin ?? null)} sets headers of its ` +
        "own: a block with any proxy_set_header inherits none from the blocks around it",
      cure: `repeat them in ${view.where}:\n${lines}`,
    };
  }
  const elsewhere = otherLocation(view);
  if (elsewhere !== null) {
    return {
      cause:
        `${view.where} serves this path, and Upgrade is set in \`location ${elsewhere.args.join(" ")}\` at ` +
        `${placeOf(elsewhere.origin)}, which does not`,
      cure: `ask for a path of that location, or in ${view.where}:\n${lines}`,
    };
  }
  return { cause: hopByHop, cure };
}

function wrongValue(upgrade: Directive, connection: Directive, view: ConfigView, lines: string): Explanation {
  const value = connection.args[1] ?? "";
  const variable = /^\$\{?(\w+)\}?$/.exec(value)?.[1];
  const map = [...walk(view.tree)].find(
    ({ node }) => node.name === "map" && node.args[1] === `$${variable}`,
  )?.node;
  if (variable === "http_connection") {
    return {
      cause: `${placeOf(connection.origin)} passes the client's own Connection, which may name more or other than Upgrade`,
      cure: `in ${view.where}:\n${lines}`,
    };
  }
  if (value === "" || map !== undefined) return wrongMap({ upgrade, connection, map, view });
  return {
    cause:
      `${placeOf(upgrade.origin)} sets Upgrade to ${upgrade.args[1] ?? '""'} and ${placeOf(connection.origin)} sets ` +
      `Connection to ${value}: ` +
      "together they ask for no WebSocket",
    cure: `in ${view.where}:\n${lines}`,
  };
}

interface WrongMap {
  readonly upgrade: Directive;
  readonly connection: Directive;
  readonly map: Directive | undefined;
  readonly view: ConfigView;
}

/** `Connection ""`, for upstreams that are kept alive, or a map that gives an upgrade the same. */
function wrongMap({ upgrade, connection, map, view }: WrongMap): Explanation {
  const good = "map $http_upgrade $connection_upgrade { default upgrade; '' ''; }";
  if (map === undefined) {
    return {
      cause: `${placeOf(connection.origin)} sets Connection to "", as kept-alive upstreams want it; an upgrade needs it to be "upgrade"`,
      cure: `the first in http, the others in ${view.where}:\n${good}\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;`,
    };
  }
  const hasDefault = map.block?.some(({ name }) => name === "default") ?? false;
  const means = hasDefault
    ? "gives a request with Upgrade: websocket something else than upgrade"
    : 'has no default, so that a request with Upgrade: websocket gets ""';
  return {
    cause:
      `${placeOf(upgrade.origin)} sets Upgrade to ${upgrade.args[1] ?? '""'} and ${placeOf(connection.origin)} sets Connection ` +
      `to ${connection.args[1]}, by the map at ${placeOf(map.origin)}, which ${means}`,
    cure: `at ${placeOf(map.origin)}:\nmap $http_upgrade ${map.args[1]} { default upgrade; '' close; }`,
  };
}

/** An Upgrade of an outer block that the innermost block with headers does not repeat. */
function shadowedHeader({ scopes }: ConfigView): Directive | null {
  for (const { block } of scopes) {
    const found = headerNamed(
      (block ?? []).filter(({ name }) => name === "proxy_set_header"),
      "upgrade",
    );
    if (found !== undefined) return found;
  }
  return null;
}

function otherLocation({ server, locations }: ConfigView): Directive | null {
  if (server === null) return null;
  for (const { node, path } of walk([server])) {
    const isUpgrade = node.name === "proxy_set_header" && node.args[0]?.toLowerCase() === "upgrade";
    const location = path.findLast(({ name }) => name === "location");
    if (isUpgrade && location !== undefined && !locations.includes(location)) return location;
  }
  return null;
}

export function headerNamed(headers: readonly Directive[], name: string): Directive | undefined {
  return headers.findLast(({ args }) => args[0]?.toLowerCase() === name);
}
