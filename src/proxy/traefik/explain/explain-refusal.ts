/**
 * What Traefik means by refusing a config, or a router of it.
 */
import { nearestName } from "../../../base/nearest-name.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { knownFields } from "../confine/allowed-fields.js";

interface Meaning {
  readonly pattern: RegExp;
  readonly explain: (match: RegExpExecArray) => Explanation;
}

const matchers = [
  ...["Host", "HostRegexp", "Path", "PathPrefix", "PathRegexp", "Method", "Header", "HeaderRegexp"],
  ...["Query", "QueryRegexp", "ClientIP"],
];

const meanings: readonly Meaning[] = [
  {
    pattern: /field not found, node: (\S+)/,
    explain: ([, field = ""]) => {
      const near = nearestName(field, knownFields);
      return {
        cause: `there is no field ${field} here in this version of Traefik, and the whole file is refused for it`,
        cure:
          near === null || near === field
            ? "take it out, or to the part that it belongs to"
            : `did you mean ${near}?`,
      };
    },
  },
  {
    pattern: /(\S+) cannot be a standalone element/,
    explain: ([, field]) => ({ cause: `${field} says nothing`, cure: "a field in it, or without it" }),
  },
  {
    pattern: /EntryPoint doesn't exist|No valid entryPoint/,
    explain: () => ({
      cause:
        'the router names an entry point that the install configuration ("static") does not have: Traefik goes on without the router, and answers 404',
      cure: "an entry point that there is: `entryPoints: [websecure]`, say; `ws` and `wss` are none, a WebSocket comes to the same one as its page",
    }),
  },
  {
    pattern: /the service "([^"]+)" does not exist/,
    explain: ([, name = ""]) => ({
      cause: byProvider(name) ?? `no service of the files is called ${name.replace(/@file$/, "")}`,
      cure: "the name of a service under `http.services`",
    }),
  },
  {
    pattern: /middleware "([^"]+)" does not exist/,
    explain: ([, name = ""]) => ({
      cause: byProvider(name) ?? `no middleware of the files is called ${name.replace(/@file$/, "")}`,
      cure: "the name of a middleware under `http.middlewares`",
    }),
  },
  {
    pattern: /unexpected number of parameters; got (\d+)/,
    explain: () => ({
      cause: "since version 3 a matcher has one value",
      cure: "Host(`a`) || Host(`b`); or `ruleSyntax: v2` for the router",
    }),
  },
  {
    pattern: /unsupported function: (\w+)/,
    explain: ([, name = ""]) => {
      const near = nearestName(name, matchers);
      return {
        cause: `${name} is no matcher${/^Headers/.test(name) ? ": version 3 calls it Header, or HeaderRegexp" : ""}`,
        cure: near === null ? `one of ${matchers.join(", ")}` : `did you mean ${near}?`,
      };
    },
  },
  {
    pattern: /does not start with a '\/'/,
    explain: () => ({ cause: "a path begins with a slash", cure: "PathPrefix(`/ws`)" }),
  },
  {
    pattern: /error while parsing rule|parsing rule|expected operand|error while adding rule/,
    explain: () => ({
      cause: "the rule cannot be read: Traefik goes on without the router, and answers 404",
      cure: "matchers with values in backquotes, joined by && and ||: Host(`a.test`) && PathPrefix(`/ws`)",
    }),
  },
  {
    pattern: /multi-types middleware not supported/,
    explain: () => ({
      cause: "a middleware does one thing alone",
      cure: "two middlewares, and both names in the router's list",
    }),
  },
  {
    pattern: /invalid middleware type or middleware does not exist/,
    explain: () => ({
      cause: "a middleware that the router names does nothing, or not what this version knows",
      cure: "one field of a kind that there is, such as `stripPrefix: {prefixes: [/api]}`",
    }),
  },
  {
    pattern: /has HostSNI matcher, but no TLS on router/,
    explain: () => ({
      cause: "a client tells a name for HostSNI with TLS alone",
      cure: "tls: {} for the router of TCP, or HostSNI(`*`)",
    }),
  },
  {
    pattern: /servers transport not found (\S+)/,
    explain: ([, name = ""]) => ({
      cause: `no serversTransport is called ${name.replace(/@file$/, "")}`,
      cure: "its name under `http.serversTransports`",
    }),
  },
  {
    pattern: /healthCheck not enabled in config/,
    explain: () => ({
      cause: "`failover` watches its service by the service's own `healthCheck`, and it has none",
      cure: "healthCheck: {path: /health, interval: 5s}",
    }),
  },
  {
    pattern: /api is not enabled/,
    explain: () => ({
      cause: "the router leads to `api@internal`, and the API is off",
      cure: "`api: {}` in the install configuration",
    }),
  },
  {
    pattern: /unknown TLS options: (\S+)/,
    explain: ([, name = ""]) => ({
      cause: `no TLS options are called ${name.replace(/@file$/, "")}`,
      cure: "its name under `tls.options`",
    }),
  },
  {
    pattern: /unsupported load-balancer strategy/,
    explain: () => ({ cause: "no strategy is called so", cure: "strategy: wrr" }),
  },
  {
    pattern: /unsupported file extension/,
    explain: () => ({
      cause: "Traefik reads YAML and TOML, told by the file's name",
      cure: "a name that ends in .yml, .yaml or .toml",
    }),
  },
  {
    pattern: /invalid duration|unknown unit/,
    explain: () => ({
      cause: "a time has a unit",
      cure: "such as `10s` or `1m30s`; a bare number is of seconds",
    }),
  },
  {
    pattern: /no such file|failed to (?:load|read)|invalid certificate|unable to (?:load|append)|CA file/i,
    explain: () => ({
      cause: "a file that the config names is not there, or not what it is to be",
      cure: "the file's path, and who may read it",
    }),
  },
  {
    pattern: /: not TOML: /,
    explain: () => ({
      cause: "the file is no TOML",
      cure: "correct the line that it names: a text stands in quotes, a table has one header",
    }),
  },
  {
    pattern: /: not YAML: /,
    explain: () => ({
      cause: "the file is no YAML",
      cure: "correct the line that it names, or its indentation",
    }),
  },
];

/** "app@docker": of a provider that is not asked here. */
function byProvider(name: string): string | null {
  const provider = /@(\w+)$/.exec(name)?.[1];
  return provider === undefined || provider === "file"
    ? null
    : `${name} is of the provider ${provider}, which is not asked here`;
}

export function explainRefusal(words: string): Explanation {
  for (const { pattern, explain } of meanings) {
    const match = pattern.exec(words);
    if (match !== null) return explain(match);
  }
  return {
    cause: "Traefik does not take this config",
    cure: "correct what it names; it has no command that checks a config, only its log tells",
  };
}
