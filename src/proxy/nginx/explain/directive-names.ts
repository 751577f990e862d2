/**
 * Names that stand where nginx takes a directive: which are its own and where they belong, which are a module's, and
 * which are no directive at all.
 */
import { nearestName } from "../../../base/nearest-name.js";
import { familyOfDirective } from "../adopt/module-families.js";
import { nginxHistory } from "../language/nginx-history.js";

/** Where the blocks and directives of a WebSocket proxy belong; all of them are known names. */
export const directiveHomes: Readonly<Record<string, string>> = {
  upstream: "directly in http { }, beside server { } and not inside it",
  map: "directly in http { }, beside server { } and not inside it",
  limit_conn_zone: "directly in http { }",
  limit_req_zone: "directly in http { }",
  server: "in http { } (a virtual server) or in upstream { } (a member)",
  location: "in server { } or in another location { }",
  listen: "in server { }",
  server_name: "in server { }",
  proxy_pass: "in location { }, in an if inside it, or in limit_except",
  worker_connections: "in events { }",
  worker_processes: "at the outermost level, outside http { }",
  worker_shutdown_timeout: "at the outermost level, outside http { }",
  proxy_set_header: "in http { }, server { } or location { }",
  proxy_http_version: "in http { }, server { } or location { }, not in an if",
  proxy_read_timeout: "in http { }, server { } or location { }, not in an if",
  keepalive: "in upstream { }",
};

const alsoKnown = [
  "proxy_send_timeout",
  "proxy_connect_timeout",
  "proxy_buffering",
  "proxy_buffer_size",
  "proxy_buffers",
  "proxy_redirect",
  "proxy_hide_header",
  "proxy_cache",
  "ssl_certificate",
  "ssl_certificate_key",
  "ssl_protocols",
  "client_max_body_size",
  "keepalive_timeout",
  "error_log",
  "access_log",
  "include",
  "return",
  "rewrite",
  "root",
  "index",
  "limit_conn",
  "events",
  "http",
];

/** Directives that people write, and that no nginx has. */
const neverWere: Readonly<Record<string, string>> = {
  ssl_ciphersuites: "ssl_conf_command Ciphersuites …;",
  ssl_certificate_chain_file: "ssl_certificate FILE; with the whole chain in it",
  proxy_websocket: 'proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";',
  proxy_timeout: "proxy_read_timeout 3600s;",
};

/** Modules that decide on requests, by the names of their directives. */
const modules: readonly (readonly [RegExp, string])[] = [
  [/^echo(_\w+)?$/, "the echo module"],
  [/^nchan_\w+$/, "Nchan"],
  [/^push_stream_\w+$/, "the push stream module"],
  [/^(set_(unescape|escape|quote|if_empty|hashed|base|md5|sha1|random|formatted|local)\w*)$/, "set-misc"],
  [/^(srcache|memc|redis2?|drizzle|postgres|rds|xss|array|form|iconv|encrypted_session)_\w+$/, "OpenResty"],
  [/^(\w+_by_lua\w*|lua_\w+)$/, "the Lua module"],
  [/^(keyval|keyval_zone|session_log\w*|state|zone_sync\w*|f4f\w*|hls\w*)$/, "NGINX Plus"],
  [/^(testcookie|upload|ajp|jdomain)(_\w+)?$/, "a module of somebody else's"],
  [/^passenger_\w+$/, "Passenger"],
];

export function moduleOf(name: string): string | null {
  return modules.find(([names]) => names.test(name))?.[1] ?? null;
}

/** What to write for a directive that no nginx has, or null. */
export function instead(name: string): string | null {
  return neverWere[name] ?? null;
}

/** Of the directives of a WebSocket proxy the one that is meant; null for what some nginx knows by its own name. */
export function nearestKnown(name: string): string | null {
  const isKnown =
    nginxHistory.some(({ directive }) => directive === name) || familyOfDirective(name) !== null;
  return isKnown || name in neverWere
    ? null
    : nearestName(name, [...Object.keys(directiveHomes), ...alsoKnown]);
}

export function codesOf(text: string): string {
  return [...text]
    .filter((character) => /[^\x21-\x7e]/.test(character))
    .map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`)
    .join(", ");
}
