/**
 * Configs that Traefik refuses, or of which it passes the WebSocket's router over: in its own words, with the user's line.
 */
import { alone, both, type CorpusRow, routes } from "./corpus-row.js";

export interface RefusedRow extends Pick<CorpusRow, "name" | "files" | "isTried"> {
  /** Of the message. */
  readonly words: RegExp;
  /** Of what it means; left out where wsrally itself refuses it. */
  readonly says?: RegExp;
}

const web = 'entryPoints: {web: {address: ":8080"}}';

export const refusedRows: readonly RefusedRow[] = [
  {
    name: "an entry point that there is not",
    files: both(web, routes({ router: "entryPoints: [wss]" })),
    words: /routes\.yml:6: .*(?:EntryPoint doesn't exist|No valid entryPoint)/,
    says: /does not have.*websecure/s,
    isTried: true,
  },
  {
    name: "a service that there is not",
    files: alone(routes().replace("service: app", "service: ap")),
    words: /routes\.yml:5: the service "ap@file" does not exist/,
    says: /no service of the files is called ap/,
  },
  {
    name: "a service of another provider",
    files: alone(routes().replace("service: app", "service: app@docker")),
    words: /routes\.yml:5: the service "app@docker" does not exist/,
    says: /of the provider docker/,
  },
  {
    name: "a middleware that there is not",
    files: alone(routes({ router: "middlewares: [strip]" })),
    words: /routes\.yml:6: middleware "strip@file" does not exist/,
    says: /no middleware of the files is called strip/,
  },
  {
    name: "two values in a matcher",
    files: alone(routes({ rule: "Host(`a`, `b`)" })),
    words: /routes\.yml:4: .*unexpected number of parameters; got 2/,
    says: /one value.*ruleSyntax: v2/s,
  },
  {
    name: "a matcher of version 2",
    files: alone(routes({ rule: "Headers(`Upgrade`, `websocket`)" })),
    words: /routes\.yml:4: .*unsupported function: Headers/,
    says: /version 3 calls it Header/,
  },
  {
    name: "a misspelt matcher",
    files: alone(routes({ rule: "PathPrefx(`/ws`)" })),
    words: /unsupported function: PathPrefx/,
    says: /did you mean PathPrefix/,
  },
  {
    name: "a path without a slash",
    files: alone(routes({ rule: "PathPrefix(`ws`)" })),
    words: /routes\.yml:4: .*does not start with a '\/'/,
    says: /begins with a slash/,
  },
  {
    name: "a rule that is none",
    files: alone(routes({ rule: "Host(`a`) and Path(`/`)" })),
    words: /routes\.yml:4: .*parsing rule/,
    says: /joined by &&/,
  },
  {
    name: "a middleware of two kinds",
    files: alone(routes({ middleware: "stripPrefix: {prefixes: [/a]}, addPrefix: {prefix: /b}" })),
    words: /routes\.yml:6: .*multi-types middleware not supported/,
    says: /one thing alone/,
  },
  {
    name: "a transport that there is not",
    files: alone(routes({ balancer: 'serversTransport: t, servers: [{url: "http://a:1"}]' })),
    words: /routes\.yml:5: .*servers transport not found t@file/,
    says: /no serversTransport is called t/,
  },
  {
    name: "a failover that watches nobody",
    files: alone(
      routes()
        .replace("service: app", "service: f")
        .replace("  services:", "  services:\n    f: {failover: {service: app, fallback: other}}"),
    ),
    words: /routes\.yml:5: .*healthCheck not enabled/,
    says: /healthCheck: \{path/,
  },
  {
    name: "a field that there is not",
    files: alone(routes({ balancer: 'server: [{url: "http://a:1"}]' })),
    words: /routes\.yml:8: field not found, node: server/,
    says: /did you mean servers/,
    isTried: true,
  },
  {
    name: "a field of the file that Traefik is started with",
    files: both('entryPoints: {web: {adress: ":8080"}}', routes()),
    words: /traefik\.yml:1: field not found, node: adress/,
    says: /did you mean address/,
  },
  {
    name: "a part that says nothing",
    files: both(`${web}\ncore: {}`, routes()),
    words: /core cannot be a standalone element/,
    says: /says nothing/,
  },
  {
    name: "a time without a unit that it knows",
    files: both(
      'entryPoints: {web: {address: ":8080", transport: {respondingTimeouts: {readTimeout: 10x}}}}',
      routes(),
    ),
    words: /10x/,
    says: /a time has a unit/,
  },
  {
    name: "a strategy that there is not",
    files: alone(routes({ balancer: 'strategy: sideways, servers: [{url: "http://a:1"}]' })),
    words: /routes\.yml:8: .*(?:unsupported load-balancer strategy "sideways"|node: strategy)/,
    says: /strategy: wrr|no field strategy/,
  },
  {
    name: "YAML that is none",
    files: alone("http:\n  routers: [\n"),
    words: /routes\.yml:\d: /,
    says: /no (?:YAML|TOML)/,
  },
  {
    name: "TOML that is none",
    files: { "routes.toml": "[http]\na = b\n" },
    words: /routes\.toml:2: not TOML: Unexpected character/,
    says: /no (?:YAML|TOML)/,
  },
  {
    name: "a file that is neither",
    files: { "routes.json": "{}" },
    words: /unsupported file extension/,
    says: /YAML and TOML/,
  },
  {
    name: "a template that is a program",
    files: alone(`${routes()}# x\n{{ range $i, $e := until 3 }}a{{ end }}\n`),
    words: /routes\.yml:\d+: \{\{ range .* of Go's template language/,
  },
];
