/**
 * Configs that carry WebSockets: nothing is to be said against them.
 */
import { alone, both, type CorpusRow, routes } from "./corpus-row.js";

function good(name: string, files: CorpusRow["files"], more: Partial<CorpusRow> = {}): CorpusRow {
  return { name, files, answers: 101, ...more };
}

const web = 'entryPoints: {web: {address: ":8080"}}';
const usual = `entryPoints:
  web: {address: ":80", http: {redirections: {entryPoint: {to: websecure, scheme: https}}}}
  websecure: {address: ":443"}
certificatesResolvers: {le: {acme: {email: a@b.test, storage: acme.json, tlsChallenge: {}}}}
api: {dashboard: true}
log: {level: INFO}`;

function through(name: string, middleware: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return good(name, alone(routes({ middleware })), more);
}

export const goodRows: readonly CorpusRow[] = [
  good("a file of routes alone", alone(routes()), {}),
  {
    name: "the usual site behind TLS",
    files: both(
      usual,
      routes({ rule: "Host(`a.test`)", router: "tls: {certResolver: le}\n      entryPoints: [websecure]" }),
    ),
  },
  good(
    "TOML",
    {
      "traefik.toml": '[entryPoints.web]\n  address = ":8080"\n[providers.file]\n  directory = "dynamic"\n',
      "dynamic/a.toml": "[http.routers.ws]\n  rule = 'PathPrefix(`/ws`)'\n  service = \"app\"\n",
      "dynamic/b.yml": 'http: {services: {app: {loadBalancer: {servers: [{url: "http://a:1"}]}}}}',
    },
    { isTried: true },
  ),
  good("deployed to a container's folder", {
    "traefik.yml": `${web}\nproviders: {file: {filename: /etc/traefik/conf/routes.yaml}}\n`,
    "conf/routes.yaml": routes(),
  }),
  through("compress", "compress: {}"),
  through(
    "security headers",
    'headers: {stsSeconds: 31536000, frameDeny: true, customResponseHeaders: {X-Robots-Tag: "noindex"}}',
  ),
  through("buffering", "buffering: {maxRequestBodyBytes: 10, maxResponseBodyBytes: 10}", {
    tells: /no hold on a WebSocket/,
  }),
  through("retry", "retry: {attempts: 3}"),
  through(
    "headers of the answer, which a 101 goes without",
    'headers: {customResponseHeaders: {Sec-WebSocket-Accept: "", Connection: close}}',
  ),
  through("an address list with the client in it", "ipAllowList: {sourceRange: [127.0.0.0/8]}"),
  through("a page for errors", "errors: {status: [500-599], service: other, query: /oops}"),
  through("an auth server", 'forwardAuth: {address: "http://auth.internal/check"}'),
  through("gRPC-Web beside it", 'grpcWeb: {allowOrigins: ["*"]}'),
  good(
    "a chain",
    alone(
      routes({
        router: "middlewares: [both]",
        http: "middlewares: {both: {chain: {middlewares: [c, h]}}, c: {compress: {}}, h: {headers: {frameDeny: true}}}",
      }),
    ),
  ),
  good(
    "weighted services",
    alone(
      routes({
        router: "priority: 5",
        http: "",
        balancer: 'servers: [{url: "http://a:1"}, {url: "http://b:1", weight: 2}]',
      }),
    ),
  ),
  good(
    "a service of services",
    alone(
      routes()
        .replace("service: app", "service: w")
        .replace(
          "  services:",
          "  services:\n    w: {weighted: {services: [{name: app, weight: 3}, {name: other, weight: 1}]}}",
        ),
    ),
  ),
  good(
    "a failover",
    alone(
      routes({ balancer: 'servers: [{url: "http://a:1"}], healthCheck: {path: /health}' })
        .replace("service: app", "service: f")
        .replace("  services:", "  services:\n    f: {failover: {service: app, fallback: other}}"),
    ),
  ),
  good(
    "a mirror",
    alone(
      routes()
        .replace("service: app", "service: m")
        .replace(
          "  services:",
          "  services:\n    m: {mirroring: {service: app, mirrors: [{name: other, percent: 10}]}}",
        ),
    ),
  ),
  good(
    "socket.io with a cookie",
    alone(
      routes({
        rule: "PathPrefix(`/socket.io`)",
        balancer: 'sticky: {cookie: {name: s}}, servers: [{url: "http://a:1"}, {url: "http://b:1"}]',
      }),
    ),
  ),
  good(
    "socket.io without one",
    alone(
      routes({
        rule: "PathPrefix(`/socket.io`)",
        balancer: 'servers: [{url: "http://a:1"}, {url: "http://b:1"}]',
      }),
    ),
    { tells: /spread over 2 servers/ },
  ),
  good(
    "a rule for the upgrade",
    alone(routes({ rule: "PathPrefix(`/`) && Header(`Upgrade`, `websocket`)" })),
    {},
  ),
  good("a rule for Connection", alone(routes({ rule: "HeaderRegexp(`Connection`, `(?i)upgrade`)" })), {
    isTried: true,
  }),
  good("a rule for a pattern", alone(routes({ rule: "PathRegexp(`^/room/[0-9]+/ws$`)" }))),
  good(
    "rules of version 2",
    alone(
      routes({ rule: "Host(`a.test`, `b.test`) && Path(`/ws/{room:[a-z]+}`)", router: "ruleSyntax: v2" }),
    ),
  ),
  good(
    "rules of version 2 for all",
    both(`${web}\ncore: {defaultRuleSyntax: v2}`, routes({ rule: "Host(`a.test`,`b.test`)" })),
  ),
  good(
    "its own priority",
    alone(
      routes({
        rule: "Path(`/ws`)",
        router: "priority: 100",
        routers: ["pages: {rule: PathPrefix(`/`), service: other}"],
      }),
    ),
    {},
  ),
  good(
    "the longer rule",
    alone(routes({ rule: "PathPrefix(`/ws`)", routers: ["pages: {rule: PathPrefix(`/`), service: other}"] })),
  ),
  good(
    "raised time-outs",
    both(
      'entryPoints: {web: {address: ":8080", transport: {respondingTimeouts: {readTimeout: 0s, idleTimeout: 3600s}}}}',
      routes(),
    ),
    { tells: /end with the handshake/ },
  ),
  good(
    "a transport",
    alone(
      routes({
        balancer: 'serversTransport: t, servers: [{url: "http://a:1"}]',
        http: "serversTransports: {t: {forwardingTimeouts: {dialTimeout: 5s, idleConnTimeout: 90s}}}",
      }),
    ),
  ),
  good("a server's port of HTTP/2", alone(routes({ balancer: 'servers: [{url: "h2c://a:1"}]' })), {
    since: "3.7",
  }),
  good("the fast proxy", both(`${web}\nexperimental: {fastProxy: {}}`, routes()), { since: "3.3" }),
  good(
    "an entry point by default",
    both(
      'entryPoints: {web: {address: ":80"}, app: {address: ":81", asDefault: true}, traefik: {address: ":8081"}}',
      routes(),
    ),
  ),
  good(
    "capitals and small letters",
    alone(
      routes()
        .replace("http:", "HTTP:")
        .replace("routers:", "Routers:")
        .replace("loadBalancer", "loadbalancer"),
    ),
  ),
  good(
    "a template",
    alone(
      routes({
        balancer: 'servers: [{url: "http://{{ env "WSRALLY_NO_SUCH" | default "app.internal" }}:3000"}]',
      }),
    ),
  ),
  good(
    "anchors",
    alone(
      routes({
        router: "<<: &own {priority: 3}",
        routers: ["pages: {<<: *own, rule: Path(`/`), service: other}"],
      }),
    ),
  ),
  good(
    "a router for TCP",
    alone(
      'tcp:\n  routers: {ws: {rule: "HostSNI(`*`)", service: app}}\n  services: {app: {loadBalancer: {servers: [{address: "app.internal:3000"}]}}}\n',
    ),
  ),
  good("other providers beside", {
    "traefik.yml": `${web}\nproviders: {docker: {exposedByDefault: false}, file: {filename: routes.yml}}\n`,
    "routes.yml": routes({ routers: ["d: {rule: Host(`d.test`), service: d@docker}"] }),
  }),
  good(
    "an API beside",
    both(
      `${web}\napi: {insecure: true}\nping: {}\nmetrics: {prometheus: {}}`,
      routes({ routers: ["d: {rule: Host(`d.test`), service: api@internal}"] }),
    ),
  ),
  {
    name: "one router at both entry points",
    files: both(
      'entryPoints: {web: {address: ":80"}, websecure: {address: ":443"}}',
      routes({ router: "entryPoints: [web, websecure]\n      tls: {}" }),
    ),
  },
  {
    name: "a router that redirects, and one with TLS",
    files: both(
      'entryPoints: {web: {address: ":80"}, websecure: {address: ":443"}}',
      routes({
        rule: "Host(`a.test`)",
        router: "entryPoints: [websecure]\n      tls: {}",
        routers: ["http: {rule: Host(`a.test`), service: app, entryPoints: [web], middlewares: [https]}"],
        http: "middlewares: {https: {redirectScheme: {scheme: https}}}",
      }),
    ),
  },
  {
    name: "options of TLS",
    files: both(
      usual,
      routes({
        rule: "Host(`a.test`)",
        router: "entryPoints: [websecure]\n      tls: {options: modern}",
        more: "tls: {options: {modern: {minVersion: VersionTLS13}}, certificates: [{certFile: a.crt, keyFile: a.key}]}",
      }),
    ),
  },
];
