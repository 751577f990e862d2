/**
 * Servers that a config asks in the wrong way, TLS that its clients do not get, and routes that Traefik does not see.
 */
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import { alone, both, type CorpusRow, routes } from "./corpus-row.js";

function asked(name: string, balancer: string, rest: Omit<CorpusRow, "name" | "files">): CorpusRow {
  return { name, files: alone(routes({ balancer })), ...rest };
}

function early(status: number): Symptom {
  return { kind: "answered-early", status, location: null, bodyStart: "", log: [] };
}

const servers: readonly CorpusRow[] = [
  asked("no server", "servers: []", {
    answers: 503,
    says: /the service app at routes\.yml:8 has no server/,
  }),
  asked("ws:// for a server", 'servers: [{url: "ws://app.internal:3000"}]', {
    ...{ answers: 500, isTried: true },
    says: /`url: ws:\/\/app\.internal:3000` at routes\.yml:8.*url: "http:\/\/app\.internal:3000"/s,
  }),
  asked("wss:// for a server", 'servers: [{url: "wss://app.internal"}]', {
    answers: 500,
    says: /url: "https:\/\/app\.internal"/,
  }),
  asked("HTTP/2 in an older Traefik", 'servers: [{url: "h2c://a:1"}]', {
    symptom: early(500),
    logged: 'debug 500 Internal Server Error: unsupported protocol scheme "h2c"',
    says: /passes no upgrade on over h2c.*"http:\/\/a:1"/s,
  }),
  asked("TLS to a server that speaks none", 'servers: [{url: "https://a:1"}]', {
    symptom: early(500),
    logged: "error 500 Internal Server Error: tls: first record does not look like a TLS handshake",
    says: /speaks none.*"http:\/\/a:1"/s,
  }),
  asked("a certificate that nobody trusts", 'servers: [{url: "https://a:1"}]', {
    symptom: early(500),
    logged:
      "debug 500 Internal Server Error: tls: failed to verify certificate: x509: certificate signed by unknown authority",
    says: /x509: certificate signed by unknown authority.*rootCAs/s,
  }),
  asked("a server that is not there", 'servers: [{url: "http://a:1"}, {url: "http://b:1"}]', {
    symptom: early(502),
    logged: "debug 502 Bad Gateway: dial tcp 127.0.0.1:1: connect: connection refused",
    says: /nobody takes connections at http:\/\/a:1, http:\/\/b:1.*without `retry`/s,
  }),
  asked("a port of TLS that is asked without", 'servers: [{url: "http://a:443"}]', {
    symptom: early(502),
    logged: "debug 502 Bad Gateway: EOF",
    says: /url: "https:\/\/a:443"/,
  }),
  {
    name: "a time for the answer's head",
    files: alone(
      routes({
        balancer: 'serversTransport: t, servers: [{url: "http://a:1"}]',
        http: "serversTransports: {t: {forwardingTimeouts: {responseHeaderTimeout: 1s}}}",
      }),
    ),
    symptom: early(504),
    logged: "debug 504 Gateway Timeout: net/http: timeout awaiting response headers",
    says: /`responseHeaderTimeout: 1s` at routes\.yml:10/,
  },
  asked("one of two servers gone", 'servers: [{url: "http://a:1"}, {url: "http://b:1"}]', {
    symptom: { kind: "upstream-missing", isAll: false },
    says: /not every server.*fails with 502/s,
  }),
  asked("a server of the other scheme", 'servers: [{url: "https://a:1"}]', {
    symptom: { kind: "upstream-scheme", asked: "tls", address: "a:1" },
    says: /speaks none.*http:\/\/a:1/s,
  }),
  asked("a server by its address", 'servers: [{url: "https://10.0.0.1"}]', {
    symptom: { kind: "upstream-unnamed", name: "app.test" },
    says: /serverName: app\.test/,
  }),
];

const secure = 'entryPoints: {websecure: {address: ":443"}}';

const ports: readonly CorpusRow[] = [
  {
    name: "port 443 without TLS",
    files: both(secure, routes()),
    answers: 101,
    advises: ["tls-scheme"],
    tells: /speaks no TLS.*tls: \{\}/s,
  },
  {
    name: "a `tls` that says nothing",
    files: both(secure, routes({ router: "tls:" })),
    answers: 101,
    advises: ["tls-scheme"],
    tells: /says nothing, and is none/,
  },
  {
    name: "port 80 with TLS alone",
    files: both('entryPoints: {web: {address: ":80"}}', routes({ router: "tls: {}" })),
    ...{ advises: ["tls-scheme"], tells: /port 80 speaks TLS alone.*answered with 404/s },
  },
  {
    name: "HTTP/2 alone",
    files: both(
      secure,
      routes({ router: "tls: {}", more: "tls: {options: {default: {alpnProtocols: [h2]}}}" }),
    ),
    symptom: { kind: "client-tls-failed" },
    advises: ["tls-scheme"],
    says: /has no http\/1\.1/,
  },
  {
    name: "clients' certificates",
    files: both(
      secure,
      routes({
        router: "tls: {}",
        more: "tls: {options: {default: {clientAuth: {caFiles: [ca.pem], clientAuthType: RequireAndVerifyClientCert}}}}",
      }),
    ),
    symptom: { kind: "client-tls-failed" },
    says: /certificate of their own/,
  },
  {
    name: "another router at an entry point that there is not",
    files: both(
      'entryPoints: {web: {address: ":8080"}}',
      routes({ routers: ["a: {rule: Host(`a.test`), service: other, entryPoints: [wss]}"] }),
    ),
    ...{
      answers: 101,
      isTried: true,
      advises: ["other-routes"],
      tells: /the router a at routes\.yml:7: there is no entry point wss/,
    },
  },
  {
    name: "other routers that cannot be read",
    files: alone(
      routes({
        routers: [
          "a: {rule: Host(`a.test`, service: other}",
          "b: {rule: Host(`b:80`), service: other}",
          "c: {rule: Path(`/c`), service: none}",
        ],
      }),
    ),
    ...{
      answers: 101,
      advises: ["other-routes"],
      tells: /3 other routers.*cannot be read.*b:80.*no service none/s,
    },
  },
  {
    name: "some routes in the wrong file",
    files: both(
      'entryPoints: {web: {address: ":8080"}}\nhttp: {routers: {a: {rule: Path(`/a`), service: b}}}',
      routes(),
    ),
    ...{ answers: 101, advises: ["other-routes"], tells: /`http` at traefik\.yml:2/ },
  },
];

export const upstreamRows: readonly CorpusRow[] = [...servers, ...ports];
