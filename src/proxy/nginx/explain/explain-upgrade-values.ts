/**
 * Upgrade and Connection are both set, and do not ask for a WebSocket together: which of them it is, by what the
 * backend got, and why.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, placeOf, walk, written } from "../language/nginx-tree.js";
import type { ConfigView } from "./config-view.js";

export type LostUpgrade = Extract<Symptom, { readonly kind: "upgrade-lost" }>;

interface BothHeaders {
  readonly upgrade: Directive;
  readonly connection: Directive;
  readonly view: ConfigView;
}

const upgradeLine = "proxy_set_header Upgrade $http_upgrade;";
const connectionLine = 'proxy_set_header Connection "upgrade";';

export function explainUpgradeValues(headers: BothHeaders, lost: LostUpgrade): Explanation {
  const { upgrade, connection } = headers;
  const asks = lost.upgrade?.toLowerCase() === "websocket";
  const keeps = lost.connection?.split(/\s*,\s*/).some((word) => word.toLowerCase() === "upgrade") === true;
  if (keeps && !asks) {
    return {
      cause: `${written(upgrade)} comes to ${received("Upgrade", lost.upgrade)}, where a WebSocket has Upgrade: websocket${aside(upgrade)}`,
      cure: `in its place:\n${upgradeLine}`,
    };
  }
  if (asks && !keeps) return explainConnection(headers);
  return {
    cause:
      `${placeOf(upgrade.origin)} sets Upgrade to ${valueWords(upgrade)} and ${placeOf(connection.origin)} sets ` +
      `Connection to ${valueWords(connection)}: together they come to ${received("Upgrade", lost.upgrade)} and ${received("Connection", lost.connection)}, which asks for no WebSocket`,
    cure: `in their place:\n${upgradeLine}\n${connectionLine}`,
  };
}

function explainConnection({ connection, view }: BothHeaders): Explanation {
  const value = connection.args[1] ?? "";
  const variable = /^\$\{?(\w+)\}?$/.exec(value)?.[1];
  const map = [...walk(view.tree)].find(
    ({ node }) => node.name === "map" && node.args[1] === `$${variable}`,
  )?.node;
  if (map !== undefined) return explainMap(connection, map);
  if (value === "") {
    return {
      cause: `${placeOf(connection.origin)} sets Connection to "", as kept-alive upstreams want it; an upgrade needs it to be "upgrade"`,
      cure: `the first in http, the others in ${view.where}:\nmap $http_upgrade $connection_upgrade { default upgrade; '' ''; }\n${upgradeLine}\nproxy_set_header Connection $connection_upgrade;`,
    };
  }
  const cure = `in its place:\n${connectionLine}`;
  if (variable === "http_connection") {
    return {
      cause: `${placeOf(connection.origin)} passes the client's own Connection, which may name more or other than Upgrade`,
      cure,
    };
  }
  const isSwapped = variable === "http_upgrade";
  return {
    cause: `${placeOf(connection.origin)} sets Connection to ${valueWords(connection)}, where an upgrade has Connection: upgrade${isSwapped ? "; $http_upgrade is made for Upgrade" : aside(connection)}`,
    cure,
  };
}

/** A map that gives an upgrade something else. */
function explainMap(connection: Directive, map: Directive): Explanation {
  const hasDefault = map.block?.some(({ name }) => name === "default") ?? false;
  const means = hasDefault
    ? "gives a request with Upgrade: websocket something else than upgrade"
    : 'has no default, so that a request with Upgrade: websocket gets ""';
  return {
    cause: `${placeOf(connection.origin)} sets Connection to ${connection.args[1]}, by the map at ${placeOf(map.origin)}, which ${means}`,
    cure: `at ${placeOf(map.origin)}:\nmap $http_upgrade ${map.args[1]} { default upgrade; '' close; }`,
  };
}

/** What people mix up. */
function aside({ args }: Directive): string {
  const value = args[1] ?? "";
  if (/[“”„‘’«»]/.test(value)) return "; its quotes are typographic, and stand in the value: write \" or '";
  if (/^\$\{?connection/.test(value)) return `; ${value} is made for Connection`;
  return "";
}

function valueWords({ args }: Directive): string {
  return args[1] === undefined || args[1] === "" ? '""' : args[1];
}

function received(name: string, value: string | null): string {
  return value === null ? `no ${name}` : `${name}: ${value}`;
}
