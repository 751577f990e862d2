/**
 * What is meant by the words in which Caddy refuses a config.
 */
import { nearestName } from "../../../base/nearest-name.js";
import type { Explanation } from "../../../diagnosis/written-config.js";

interface Meaning {
  readonly pattern: RegExp;
  explain(match: RegExpExecArray): Explanation;
}

/** Words of Caddy 1, and what stands for them since. */
const first: Readonly<Record<string, string>> = {
  proxy: "reverse_proxy /ws* 127.0.0.1:8080",
  websocket: "reverse_proxy /ws* 127.0.0.1:8080",
  gzip: "encode gzip",
  errors: "log",
  ext: "try_files {path} {path}.html",
  fastcgi: "php_fastcgi 127.0.0.1:9000",
  browse: "file_server browse",
  timeouts: "{\n\tservers {\n\t\ttimeouts {\n\t\t}\n\t}\n}",
  status: "respond 403",
  limits: "request_body {\n\tmax_size 10MB\n}",
};

/** Subdirectives of Caddy 1's `proxy`, needless since. */
const needless: Readonly<Record<string, string>> = {
  websocket: "every `reverse_proxy` passes WebSockets on by itself",
  transparent: "every `reverse_proxy` tells the upstream of the client by itself",
  without: "`handle_path` takes a prefix away in its place",
  header_upstream: "it is called `header_up` since Caddy 2",
  header_downstream: "it is called `header_down` since Caddy 2",
  policy: "it is called `lb_policy` since Caddy 2",
  insecure_skip_verify: "it is `tls_insecure_skip_verify` in `transport http { }` since Caddy 2",
  keepalive: "it stands in `transport http { }`",
  read_timeout: "it stands in `transport http { }`",
  write_timeout: "it stands in `transport http { }`",
  dial_timeout: "it stands in `transport http { }`",
  versions: "it stands in `transport http { }`",
  tls_insecure_skip_verify: "it stands in `transport http { }`",
  stream_close_delay: "this Caddy is older than 2.8, which brought it",
  stream_timeout: "this Caddy is older than 2.8, which brought it",
  response_buffers: "before 2.8 it was called `buffer_responses`",
  request_buffers: "before 2.8 it was called `buffer_requests`",
  stream_buffer_size: "this Caddy is older than 2.11, which brought it",
};

const inTransport = /transport http/;

const meanings: readonly Meaning[] = [
  {
    pattern: /unrecognized (?:directive|global option): (\S+)/,
    explain: ([, name = ""]) => {
      const now = first[name];
      if (now !== undefined)
        return { cause: `\`${name}\` is a word of Caddy 1`, cure: `since Caddy 2:\n${now}` };
      const near = nearestName(name, knownDirectives);
      return {
        cause: `there is no directive ${name}${near === null ? "; one of a plugin needs a Caddy that was built with it" : ""}`,
        cure: near === null ? "take it out, or mend its name" : `is it meant for this?\n${near}`,
      };
    },
  },
  {
    pattern: /(?:unrecognized|unknown) (?:subdirective|option):? '?([\w-]+)'?/,
    explain: ([, name = ""]) => {
      const why = needless[name];
      return {
        cause: why === undefined ? `there is no subdirective ${name} in this block` : `${name}: ${why}`,
        cure:
          why !== undefined && inTransport.test(why)
            ? `transport http {\n\t${name} …\n}`
            : "take the line out, or mend its name",
      };
    },
  },
  {
    pattern: /unknown field "([^"]+)"/,
    explain: ([, name = ""]) => ({
      cause: `there is no field ${name} in this module${needless[name] === undefined ? "" : `; ${needless[name]}`}`,
      cure: "take it out, or mend its name: Caddy's JSON takes no field that it does not know",
    }),
  },
  {
    pattern: /unsupported (?:URL )?scheme:? "?'?(wss?)|the scheme (wss?):\/\//i,
    explain: ([, one, other]) => ({
      cause: `an upstream is asked by HTTP, whatever is upgraded then: \`${one ?? other}://\` is no scheme of an upstream`,
      cure: `${(one ?? other) === "wss" ? "https" : "http"}:// in its place, or none:\nreverse_proxy 127.0.0.1:8080`,
    }),
  },
  {
    pattern: /only support scheme, host, and port components/,
    explain: () => ({
      cause: "an upstream has no path",
      cure: "the path by a rewrite beside it:\nrewrite * /app{uri}\nreverse_proxy 127.0.0.1:8080",
    }),
  },
  {
    pattern: /is HTTP, but attempts to configure TLS connection policies/,
    explain: () => ({
      cause: "one port cannot speak both: a site of http:// or of port 80 has a `tls` line",
      cure: "https:// in its address, or without the `tls` line",
    }),
  },
  {
    pattern: /File to import not found: (\S+?),? /,
    explain: ([, name]) => ({
      cause: `there is no file and no snippet ${name}; a file's path begins beside the file that imports it, and a snippet stands before what imports it`,
      cure: "the file's path, or the snippet above:\n(NAME) {\n}",
    }),
  },
  {
    pattern: /ambiguous site definition: (\S+)/,
    explain: ([, name]) => ({
      cause: `two sites are asked by ${name}`,
      cure: "one of them, with the lines of both",
    }),
  },
  {
    pattern: /module not registered: (\S+)/,
    explain: ([, name]) => ({
      cause: `this Caddy was built without ${name}`,
      cure: "a Caddy with the plugin, by its name in WSRALLY_CADDY; or without the line",
    }),
  },
  {
    pattern: /cannot end with a curly brace|unexpected end of file|has no '\}'|unexpected '\}'/,
    explain: () => ({
      cause:
        "braces do not pair, or one stands against a word: `{` ends a line, with a space before it, and `}` stands alone",
      cure: "example.com {\n\treverse_proxy 127.0.0.1:8080\n}",
    }),
  },
];

/** The nearest is asked for; the whole list is `caddy list-modules`'. */
const knownDirectives = [
  ...[
    "abort",
    "acme_server",
    "basic_auth",
    "bind",
    "encode",
    "error",
    "file_server",
    "forward_auth",
    "handle",
  ],
  ...[
    "handle_errors",
    "handle_path",
    "header",
    "import",
    "intercept",
    "invoke",
    "log",
    "map",
    "method",
    "php_fastcgi",
  ],
  ...[
    "push",
    "redir",
    "request_body",
    "request_header",
    "respond",
    "reverse_proxy",
    "rewrite",
    "root",
    "route",
  ],
  ...["templates", "tls", "tracing", "try_files", "uri", "vars"],
];

export function explainRefusal(words: string): Explanation {
  for (const { pattern, explain } of meanings) {
    const match = pattern.exec(words);
    if (match !== null) return explain(match);
  }
  return {
    cause: "Caddy does not start with this config, and a reload keeps the old one",
    cure: "correct what it names; `caddy validate --config FILE` says the same",
  };
}
