/**
 * Traefik, as the contract tests are told of it: a file of routes alone.
 */
import {
  type AskedConfig,
  type ContractFixture,
  type Decoys,
  upstreamHost,
} from "../support/contract-fixture.js";

/** What a line of a process begins with where it is a middleware, or a service, of a router of its own. */
const kinds = { router: "router ", middleware: "middleware ", service: "service " } as const;

function config({
  mark = "none",
  secret = "none",
  processLine = "",
  routeLine = "",
}: AskedConfig = {}): string {
  const own = (kind: keyof typeof kinds): string =>
    processLine.startsWith(kinds[kind]) ? `decoy: {${processLine.slice(kinds[kind].length)}}` : "";
  const [router, middleware, service] = [own("router"), own("middleware"), own("service")];
  const isOwn = `${router}${middleware}${service}` !== "";
  const decoy = `{rule: Path(\`/decoy\`), priority: 1000, service: ${service === "" ? "app" : "decoy"}, middlewares: [${middleware === "" ? "secret" : "decoy"}]}`;
  return `http:
  routers:
    app:
      rule: PathPrefix(\`/\`)
      service: app
      entryPoints: [web-8443]
      middlewares: [secret]
      ${routeLine}
    mark: {rule: Path(\`/mark\`), service: noop@internal, middlewares: [mark], priority: 1000}
    ${router !== "" ? router : isOwn ? `decoy: ${decoy}` : ""}
  middlewares:
    ${middleware}
    secret: {headers: {customRequestHeaders: {Authorization: "Bearer ${secret}"}}}
    mark:
      headers:
        customResponseHeaders:
          X-Mark: "${mark}"
  services:
    app: {loadBalancer: {servers: [{url: "http://${upstreamHost}:9000"}]}}
    ${service}
${isOwn ? "" : processLine}
`;
}

function hostile({ folder, file, host, tcpPort, variable }: Decoys): AskedConfig[] {
  const processes = [
    `tls: {certificates: [{certFile: ${file}, keyFile: ${file}}]}`,
    `tls: {options: {default: {clientAuth: {caFiles: [${file}], clientAuthType: RequireAndVerifyClientCert}}}}`,
    `tls: {stores: {default: {defaultGeneratedCert: {resolver: le, domain: {main: decoy.test}}}}}`,
    `tls: {decoy: ${file}}`,
    `tcp: {routers: {d: {rule: "HostSNI(\`*\`)", service: d, entryPoints: [other]}}, services: {d: {loadBalancer: {servers: [{address: "${host}:${tcpPort}"}]}}}}`,
    `udp: {routers: {d: {service: d}}, services: {d: {loadBalancer: {servers: [{address: "${host}:${tcpPort}"}]}}}}`,
    `providers: {file: {filename: ${file}}}`,
    `providers: {http: {endpoint: "http://${host}:${tcpPort}"}, file: {directory: ${folder}}}`,
    `providers: {docker: {endpoint: "tcp://${host}:${tcpPort}"}, redis: {endpoints: ["${host}:${tcpPort}"]}}`,
    `certificatesResolvers: {le: {acme: {caServer: "http://${host}:${tcpPort}", storage: ${folder}/acme.json, tlsChallenge: {}}}}`,
    `experimental: {localPlugins: {decoy: {moduleName: decoy}}, plugins: {other: {moduleName: github.com/a/b, version: v1.0.0}}}`,
    `log: {filePath: ${folder}/traefik.log}\naccessLog: {filePath: ${folder}/access.log}`,
    `metrics: {statsD: {address: "${host}:${tcpPort}"}}\ntracing: {otlp: {http: {endpoint: "http://${host}:${tcpPort}"}}}`,
    `entryPoints: {web-8443: {address: "0.0.0.0:8443"}}\nserversTransport: {rootCAs: [${file}]}`,
    `# {{ env "${variable}" }}\nx{{ env "${variable}" }}: a`,
    `{{ range $i, $e := until 1000000000 }}x{{ end }}`,
    `{{ getHostByName "decoy.test" }}`,
    `tls: {options: {default: {minVersion: '{{ "{{" }} env "${variable}" }}'}}}`,
  ];
  const routes = [
    `ruleSyntax: '{{ env "${variable}" }}'`,
    `tls: {certResolver: le, domains: [{main: decoy.test}]}`,
    `decoy: ${file}`,
    `observability: {tracing: true}`,
  ];
  const middlewares = [
    `forwardAuth: {address: "http://${host}:${tcpPort}/"}`,
    `basicAuth: {usersFile: ${file}}`,
    `digestAuth: {usersFile: ${file}}`,
    `plugin: {decoy: {path: ${file}}}`,
    `rateLimit: {average: 1, redis: {endpoints: ["${host}:${tcpPort}"]}}`,
    `headers: {customResponseHeaders: {X-Decoy: '{{ env "${variable}" }}'}}`,
    `headers: {customResponseHeaders: {X-Decoy: '{{ "{{" }} env "${variable}" }}'}}`,
    `errors: {status: ["400-599"], service: decoy, query: "/"}`,
  ];
  const routers = [`rule: Path(\`/decoy\`), service: decoy@consul, middlewares: [decoy@docker]`];
  const services = [
    `loadBalancer: {servers: [{url: "http://decoy.test:${tcpPort}"}], healthCheck: {path: /, port: ${tcpPort}, interval: 10ms, hostname: ${host}}}`,
    `loadBalancer: {serversTransport: t, servers: [{url: "https://${host}:${tcpPort}"}]}}\n  serversTransports:\n    t: {rootCAs: [${file}], certificates: [{certFile: ${file}, keyFile: ${file}}]`,
    `loadBalancer: {servers: [{address: "${host}:${tcpPort}", url: "@wsrally-backend-0@"}]}`,
    `mirroring: {service: app, mirrors: [{name: decoy, percent: 100}]}`,
  ];
  return [
    ...processes.map((processLine) => ({ processLine })),
    ...routes.map((routeLine) => ({ routeLine })),
    ...routers.map((decoy) => ({ processLine: `${kinds.router}${decoy}` })),
    ...middlewares.map((decoy) => ({ processLine: `${kinds.middleware}${decoy}` })),
    ...services.map((decoy) => ({ processLine: `${kinds.service}${decoy}` })),
  ];
}

export const traefikFixture: ContractFixture = {
  fileName: "traefik-routes.yml",
  config,
  isUnsized: true,
  isEndless: true,
  reloadsInPlace: true,
  brokenLine: { line: "servicee: app", words: /field not found, node: servicee/ },
  accepted: { set: { responseHeaderTimeout: "61s" }, shows: /responseHeaderTimeout: 61s/ },
  mistyped: { name: "graceTimeout", meant: "graceTimeOut" },
  badValue: { set: { strategy: "sideways" }, words: /unsupported load-balancer strategy "sideways"/ },
  hostile,
};
