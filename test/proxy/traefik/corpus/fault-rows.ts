/**
 * Configs that break a WebSocket, or turn it away: what is to be said of each.
 */
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import { alone, both, type CorpusRow, routes } from "./corpus-row.js";

type Rest = Omit<CorpusRow, "name" | "files">;

function fault(name: string, files: CorpusRow["files"], rest: Rest): CorpusRow {
  return { name, files, ...rest };
}

function through(name: string, middleware: string, rest: Rest): CorpusRow {
  return fault(name, alone(routes({ middleware })), rest);
}

function early(status: number, location: string | null = null): Symptom {
  return { kind: "answered-early", status, location, bodyStart: "", log: [] };
}

const web = 'entryPoints: {web: {address: ":8080"}}';
const pages = "pages: {rule: PathPrefix(`/`), service: other";
const lost: Symptom = { kind: "upgrade-lost", upgrade: null, connection: null };

function moved(sent: string, arrived: string): Symptom {
  const change = { path: { wanted: sent, arrived }, lost: [], gained: [] };
  return { kind: "path-changed", sent, arrived, change };
}

function changed(header: string): Symptom {
  return { kind: "header-changed", header, way: "to-backend", arrived: "x" };
}

const rules: readonly CorpusRow[] = [
  fault("a Host with a port", alone(routes({ rule: "Host(`a.test:8080`)" })), {
    ...{ answers: 404, isTried: true },
    says: /routes\.yml:3.*`Host\(`a\.test:8080`\)` holds for no request.*without the port.*\nHost\(`a\.test`\)/s,
  }),
  fault("Path for what begins so", alone(routes({ rule: "Path(`/ws`)" })), {
    ...{ path: "/ws/1", answers: 404 },
    says: /is the whole path.*PathPrefix\(`\/ws`\)/s,
  }),
  fault("a path in capitals", alone(routes()), { path: "/WS", answers: 404, says: /capital letters count/ }),
  fault(
    "Connection as Firefox sends it",
    alone(routes({ rule: "Header(`Connection`, `keep-alive, Upgrade`)" })),
    {
      ...{ answers: 404, since: "3.2" },
      says: /leaves `Upgrade` alone.*HeaderRegexp\(`Upgrade`/s,
    },
  ),
  fault("a pattern for Connection", alone(routes({ rule: "HeaderRegexp(`Connection`, `keep-alive`)" })), {
    ...{ answers: 404, since: "3.2", says: /leaves `Upgrade` alone/ },
  }),
  fault("Upgrade in capitals", alone(routes({ rule: "Header(`Upgrade`, `WebSocket`)" })), {
    ...{ answers: 404, says: /compares with `websocket`.*\(\?i\)/s },
  }),
  fault(
    "a header that no browser sends",
    alone(routes({ rule: "PathPrefix(`/ws`) && Header(`Authorization`, `x`)" })),
    {
      ...{ answers: 404, says: /no such header/ },
    },
  ),
  fault("another method", alone(routes({ rule: "PathPrefix(`/ws`) && Method(`POST`)" })), {
    ...{ answers: 404, says: /asked for with GET/ },
  }),
  fault("a parameter that is not there", alone(routes({ rule: "PathPrefix(`/ws`) && Query(`v`, `1`)" })), {
    ...{ answers: 404, says: /no such parameter/ },
  }),
  fault("another host", alone(routes({ rule: "Host(`a.test`)" })), {
    symptom: {
      kind: "answered-early",
      status: 404,
      location: null,
      bodyStart: "",
      log: [],
      asked: { path: "/ws", host: "b.test", connection: "Upgrade", tls: false },
    },
    says: /is not for the Host `b\.test`/,
  }),
  fault("a wildcard for a host", alone(routes({ rule: "Host(`*.a.test`)" })), {
    ...{
      answers: 101,
      advises: ["route"],
      tells: /is no pattern.*such a host.*HostRegexp\(`\^\[a-z0-9-\]\+\\\.a\\\.test\$`\)/s,
    },
  }),
  fault("a wildcard for a path", alone(routes({ rule: "PathPrefix(`/ws/*`)" })), {
    ...{ answers: 101, advises: ["route"], tells: /such a path.*PathPrefix\(`\/ws`\)/s },
  }),
  fault("a name in braces", alone(routes({ rule: "Path(`/ws/{room}`)" })), {
    ...{
      path: "/ws/1",
      answers: 404,
      advises: ["route"],
      tells: /no pattern in version 3/,
      says: /is the whole path/,
    },
  }),
  fault("a pattern of version 2", alone(routes({ rule: "HostRegexp(`{sub:[a-z]+}.a.test`)" })), {
    ...{
      symptom: early(404),
      says: /is not for the Host/,
      advises: ["route"],
      tells: /HostRegexp\(`\^\[a-z0-9-\]\+/,
    },
  }),
  fault("clients by their address", alone(routes({ rule: "PathPrefix(`/ws`) && ClientIP(`10.0.0.0/8`)" })), {
    ...{ answers: 404, says: /holds for clients of those addresses alone/ },
  }),
  fault(
    "a router of TCP for everybody",
    alone(
      `tcp:\n  routers: {t: {rule: HostSNI(\`*\`), service: t}}\n  services: {t: {loadBalancer: {servers: [{address: "db:1"}]}}}\n${routes()}`,
    ),
    {
      ...{
        answers: 101,
        advises: ["route"],
        tells: /the router t at routes\.yml:2 goes before every router of HTTP/,
      },
    },
  ),
  fault("a longer rule that goes before", alone(routes({ rule: "Path(`/ws`)", routers: [`${pages}}`] })), {
    ...{ answers: 101, isTried: true, advises: ["route"] },
    tells: /router pages at routes\.yml:7 holds for \/ws too.*longer rule.*priority: 16/s,
  }),
  fault("a priority that goes before", alone(routes({ routers: [`${pages}, priority: 99}`] })), {
    ...{ answers: 101, advises: ["route"], tells: /its priority is 99.*priority: 100/s },
  }),
  fault(
    "a redirect that goes before",
    alone(
      routes({
        middleware: "redirectScheme: {scheme: https, permanent: true}",
        routers: [`${pages}, priority: 99, middlewares: [m]}`],
      }).replace("      middlewares: [m]\n", ""),
    ),
    {
      ...{
        answers: 301,
        advises: ["route"],
        says: /redirectScheme.*redirects.*follow no redirect; the router pages/s,
      },
    },
  ),
];

const denials: readonly CorpusRow[] = [
  through("a redirect to https", "redirectScheme: {scheme: https}", {
    ...{
      answers: 302,
      says: /the middleware m \(`redirectScheme: \{scheme: https\}` at routes\.yml:9\) redirects.*follow no redirect/s,
    },
  }),
  through(
    "a redirect by a pattern",
    "redirectRegex: {regex: ^http://(.*), replacement: https://$1, permanent: true}",
    {
      ...{ answers: 301, says: /redirectRegex/ },
    },
  ),
  fault(
    "an entry point that redirects",
    both(
      'entryPoints: {web: {address: ":80", http: {redirections: {entryPoint: {to: ":443", scheme: https}}}}}',
      routes(),
    ),
    {
      ...{
        answers: 301,
        isTried: true,
        says: /the entry point web at traefik\.yml:1 redirects every request/,
      },
    },
  ),
  through("a password", 'basicAuth: {users: ["a:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"]}', {
    ...{ answers: 401, isTried: true, says: /asks for a password/ },
  }),
  through("a digest", 'digestAuth: {users: ["a:traefik:a2688e031edb4be6a3797f3882655c05"]}', {
    answers: 401,
    says: /asks for a password/,
  }),
  through("an address list", "ipAllowList: {sourceRange: [10.0.0.0/8]}", {
    ...{ answers: 403, says: /`sourceRange` alone.*depth/s },
  }),
  through("an address list of version 2", "ipWhiteList: {sourceRange: [10.0.0.0/8]}", {
    symptom: early(403),
    says: /`sourceRange` alone/,
  }),
  through("an auth server that refuses", 'forwardAuth: {address: "http://auth.internal"}', {
    symptom: early(401),
    says: /asks a server who may connect/,
  }),
  through("an auth server that is not there", 'forwardAuth: {address: "http://auth.internal"}', {
    symptom: early(500),
    says: /could not be asked/,
  }),
  through("no request in flight", "inFlightReq: {amount: 0}", {
    answers: 429,
    isTried: true,
    says: /every open WebSocket/,
  }),
  through("few requests in flight", "inFlightReq: {amount: 10}", {
    symptom: { kind: "share-ends", allowed: 10 },
    says: /`amount: 10` at routes\.yml:9.*by Host.*all clients of a host share it/s,
  }),
  through("a rate", "rateLimit: {average: 10, burst: 5, period: 1m}", {
    ...{
      answers: 101,
      advises: ["limit-req"],
      tells: /10 per 60 s and at most 5 at once/,
      symptom: early(429),
      says: /counts handshakes/,
    },
  }),
  through("a circuit breaker", "circuitBreaker: {expression: NetworkErrorRatio() > 0.1}", {
    symptom: early(503),
    says: /has tripped/,
  }),
  through("hosts that are allowed", "headers: {allowedHosts: [a.test]}", {
    answers: 500,
    says: /`Bad Host`/,
  }),
  fault(
    "a service of Traefik's own",
    both(`${web}\napi: {}`, routes().replace("service: app", "service: api@internal")),
    {
      ...{ answers: 404, says: /leads to api@internal, which answers 404/ },
    },
  ),
];

const requests: readonly CorpusRow[] = [
  through("Connection taken away", 'headers: {customRequestHeaders: {Connection: "", Upgrade: ""}}', {
    ...{
      answers: 426,
      isTried: true,
      symptom: lost,
      says: /`Upgrade: ` at.*`Connection: ` at routes\.yml:9.*by itself/s,
    },
  }),
  through("Connection: close", "headers: {customRequestHeaders: {Connection: close}}", {
    ...{ answers: 426, symptom: lost, says: /`Connection: close` at/ },
  }),
  through("Connection: keep-alive", "headers: {customRequestHeaders: {connection: keep-alive}}", {
    ...{ answers: 426, symptom: lost, says: /keep-alive/ },
  }),
  through(
    "the upgrade's headers on every request",
    "headers: {customRequestHeaders: {Connection: Upgrade, Upgrade: websocket}}",
    {
      ...{
        answers: 101,
        symptom: { kind: "plain-upgraded" },
        says: /`Upgrade: websocket` at routes\.yml:9.*on every request.*none is needed/s,
      },
    },
  ),
  through("the key taken away", 'headers: {customRequestHeaders: {Sec-WebSocket-Key: ""}}', {
    symptom: { kind: "key-lost", log: [] },
    says: /Sec-WebSocket-Key.*no rule is needed/s,
  }),
  through("a subprotocol set", "headers: {customRequestHeaders: {Sec-WebSocket-Protocol: x}}", {
    symptom: { kind: "answer-changed", log: [] },
    says: /Sec-WebSocket-Protocol: x/,
  }),
  through("a prefix stripped", "stripPrefix: {prefixes: [/ws]}", {
    ...{
      answers: 101,
      arrives: "/",
      isTried: true,
      symptom: moved("/ws", "/"),
      says: /stripPrefix.*makes \/ of \/ws/s,
    },
  }),
  through("a path by a pattern", "replacePathRegex: {regex: ^/ws(.*), replacement: /sock$1}", {
    ...{ answers: 101, arrives: "/sock", symptom: moved("/ws", "/sock"), says: /replacePathRegex/ },
  }),
  through("a prefix added", "addPrefix: {prefix: /api}", {
    ...{ answers: 101, arrives: "/api/ws", symptom: moved("/ws", "/api/ws"), says: /addPrefix/ },
  }),
  fault(
    "a server's own path",
    alone(routes({ balancer: 'servers: [{url: "http://a:1/base", preservePath: true}]' })),
    {
      ...{
        answers: 101,
        arrives: "/base/ws",
        since: "3.2",
        symptom: moved("/ws", "/base/ws"),
        says: /preservePath/,
      },
    },
  ),
  fault("a path that is cleaned", alone(routes()), {
    symptom: moved("/ws//a", "/ws/a"),
    says: /cleans paths/,
  }),
  fault(
    "a Host of its own",
    alone(routes({ balancer: 'passHostHeader: false, servers: [{url: "http://a:1"}]' })),
    {
      ...{
        answers: 101,
        symptom: changed("Host"),
        says: /`passHostHeader: false` at routes\.yml:8.*passHostHeader: true/s,
      },
    },
  ),
  through("an Origin of its own", "headers: {customRequestHeaders: {Origin: https://x.test}}", {
    ...{ answers: 101, symptom: changed("Origin"), says: /Origin: https:\/\/x\.test/ },
  }),
  through("a page in the place of a refusal", 'errors: {status: ["400-599"], service: other, query: /e}', {
    symptom: { kind: "refusal-hidden", sent: 403, arrived: 101 },
    says: /the middleware m.*with the client's Upgrade/s,
  }),
  fault(
    "an address that nobody adds",
    alone(
      'tcp:\n  routers: {ws: {rule: "HostSNI(`*`)", service: app}}\n  services: {app: {loadBalancer: {servers: [{address: "app.internal:3000"}]}}}\n',
    ),
    {
      ...{ answers: 101, symptom: { kind: "client-unknown", forged: true }, says: /is one of TCP/ },
    },
  ),
  fault(
    "forwarded headers of anybody",
    both('entryPoints: {web: {address: ":8080", forwardedHeaders: {insecure: true}}}', routes()),
    {
      symptom: { kind: "client-unknown", forged: true },
      says: /`insecure: true` at traefik\.yml:1/,
    },
  ),
  fault(
    "a short head",
    both('entryPoints: {web: {address: ":8080", http: {maxHeaderBytes: 100}}}', routes()),
    {
      symptom: { kind: "request-head-refused", bytes: 6000 },
      says: /maxHeaderBytes: 100/,
    },
  ),
];

export const faultRows: readonly CorpusRow[] = [...rules, ...denials, ...requests];
