/**
 * What nginx means when it refuses a config, and what to do about it.
 */
import { nearestName } from "../../proxy/nearest-name.js";

interface Meaning {
  readonly pattern: RegExp;
  readonly cause: string | ((match: RegExpMatchArray) => string);
  readonly cure: string | ((match: RegExpMatchArray) => string);
}

/** Where the blocks and directives of a WebSocket proxy belong; all of them are known names. */
const homes: Readonly<Record<string, string>> = {
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

const meanings: readonly Meaning[] = [
  {
    pattern: /unknown directive "\\xEF\\xBB\\xBF/,
    cause:
      "the file begins with a byte-order mark (EF BB BF), which nginx takes for the beginning of its first word",
    cure: "save the file as UTF-8 without a byte-order mark (BOM):\nsed -i '1s/^\\xEF\\xBB\\xBF//' FILE",
  },
  {
    pattern: /unknown directive "\\xFF\\xFE/,
    cause: "the file is written in UTF-16, which nginx cannot read",
    cure: "save the file as UTF-8 without a byte-order mark:\niconv -f UTF-16 -t UTF-8 FILE -o FILE",
  },
  {
    pattern: /"(\w+)" directive is not allowed here/,
    cause: ([, name = ""]) =>
      `\`${name}\` stands in a block that it does not belong to${name in homes ? `; it belongs ${homes[name]}` : ""}`,
    cure: ([, name = ""]) =>
      `move ${name} ${homes[name] ? `to where it belongs: ${homes[name]}` : "to a block that may hold it"}`,
  },
  {
    pattern: /unknown directive "([^"]+)"/,
    cause: ([, name = ""]) => {
      const near = nearestName(name, [...Object.keys(homes), ...alsoKnown]);
      return near === null
        ? `this nginx knows no \`${name}\`: it is misspelt, newer than this nginx, or of a module that is not built in`
        : `\`${name}\` is misspelt: ${near} is meant`;
    },
    cure: ([, name = ""]) =>
      `write ${nearestName(name, [...Object.keys(homes), ...alsoKnown]) ?? "a directive that this nginx knows"}, or check that the line before ends in a semicolon`,
  },
  {
    pattern: /unknown "(\w+)" variable/,
    cause: ([, name]) => `nothing defines $${name}`,
    cure: ([, name = ""]) =>
      name.includes("upgrade")
        ? `in http: map $http_upgrade $${name} { default upgrade; '' close; }`
        : `define it (set, map), or write a variable that nginx has`,
  },
  {
    pattern: /invalid URL prefix/,
    cause: "proxy_pass takes http:// or https:// alone; ws:// and wss:// are for clients",
    cure: "proxy_pass http://…; the upgrade happens inside HTTP",
  },
  {
    pattern: /"proxy_pass" cannot have URI part/,
    cause:
      "in a location given by a regular expression, a named one, an if or a limit_except, nginx cannot tell which part of the path to replace",
    cure: "take the URI (even a trailing slash) off proxy_pass, and use rewrite … break; where the path must change",
  },
  {
    pattern: /unexpected end of file, expecting "\}"/,
    cause: "a block is not closed: a } is missing",
    cure: "close the block; the line named is the file's end, and not where the } belongs",
  },
  {
    pattern:
      /unexpected "\}"|unexpected "\{"|expecting ";"|invalid number of arguments|is not terminated by ";"/,
    cause:
      "a semicolon or a brace is missing or too many; two lines without a semicolon between are one directive to nginx",
    cure: "look at the line named and at the one before it: each directive ends in ;",
  },
  {
    pattern: /duplicate location "([^"]+)"/,
    cause: ([, path]) => `two locations of one server have the path ${path}`,
    cure: "merge the two",
  },
  {
    pattern: /duplicate upstream "([^"]+)"/,
    cause: ([, name]) => `two upstreams are named ${name}`,
    cure: "rename one",
  },
  {
    pattern: /"(\w+)" directive is duplicate/,
    cause: ([, name]) => `\`${name}\` is set twice in one block, an include perhaps`,
    cure: "take one out",
  },
  {
    pattern: /zero size shared memory zone "([^"]+)"|unknown (?:limit_conn|limit_req)_zone "([^"]+)"/,
    cause: ([, name, other]) => `the zone ${name ?? other} is used and never defined`,
    cure: ([, name, other]) =>
      `in http: limit_conn_zone $binary_remote_addr zone=${name ?? other}:10m; (or limit_req_zone)`,
  },
  {
    pattern: /no "events" section/,
    cause: "a whole config needs events { }, even an empty one",
    cure: "events { } at the outermost level",
  },
  {
    pattern: /no "ssl_certificate(?:_key)?" is defined/,
    cause: "`listen … ssl` without a certificate or its key",
    cure: "ssl_certificate and ssl_certificate_key in the server",
  },
  {
    pattern: /"proxy_busy_buffers_size" must be|"proxy_temp_file_write_size" must be|must be (?:less|equal)/,
    cause: "the proxy_buffer sizes must fit each other; after the 101 only proxy_buffer_size matters",
    cure: "set proxy_buffers and proxy_busy_buffers_size along with proxy_buffer_size",
  },
  {
    pattern: /host not found in upstream "([^"]+)"/,
    cause: ([, name]) => `the name ${name} is looked up when nginx starts, and does not resolve`,
    cure: "make the name resolve, or use a variable in proxy_pass together with resolver",
  },
  {
    pattern:
      /no port in upstream|invalid port in upstream|invalid host in upstream|no host in upstream|may not have port|no servers are inside upstream/,
    cause: "an upstream's address is not complete or not one",
    cure: "server HOST:PORT; inside upstream, and proxy_pass http://NAME; without a port",
  },
  {
    pattern: /open\(\) "([^"]+)" failed|cannot load certificate/,
    cause: "a file that the config names is not there or cannot be read",
    cure: "correct the path, or the permissions",
  },
  {
    pattern:
      /invalid value "([^"]*)" in "(\w+)" directive|"(\w+)" directive invalid value|invalid value "([^"]*)"/,
    cause: "the directive does not take this value",
    cure: "write a value that it takes: times such as 60s, sizes such as 16k, on or off",
  },
  {
    pattern: /invalid parameter "([^"]*)"|the "([^"]+)" parameter/,
    cause: "this nginx does not take this parameter",
    cure: "check its spelling, and the version it came with",
  },
  {
    pattern: /includes are nested/,
    cause: "a file includes itself, by another one perhaps",
    cure: "break the circle",
  },
];

export function explainRefusal(words: string): { cause: string; cure: string } {
  for (const { pattern, cause, cure } of meanings) {
    const match = words.match(pattern);
    if (match === null) continue;
    return {
      cause: typeof cause === "string" ? cause : cause(match),
      cure: typeof cure === "string" ? cure : cure(match),
    };
  }
  return { cause: words, cure: "correct the line that nginx names" };
}
