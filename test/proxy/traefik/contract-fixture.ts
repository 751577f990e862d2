/**
 * Traefik, as the contract tests are told of it.
 */
import { type ContractFixture, upstreamHost } from "../support/contract-fixture.js";

export const traefikFixture: ContractFixture = {
  fileName: "traefik-routes.yml",
  config: ({ secret = "none", processLine = "", routeLine = "" } = {}) => `http:
  routers:
    app:
      rule: PathPrefix(\`/\`)
      service: app
      middlewares: [secret]
      ${routeLine}
  middlewares:
    secret: {headers: {customRequestHeaders: {Authorization: "Bearer ${secret}"}}}
  services:
    app: {loadBalancer: {servers: [{url: "http://${upstreamHost}:9000"}]}}
${processLine}
`,
  isUnsized: true,
  brokenLine: { line: "servicee: app", words: /field not found, node: servicee/ },
  accepted: { set: { responseHeaderTimeout: "61s" }, shows: /responseHeaderTimeout: 61s/ },
  mistyped: { name: "graceTimeout", meant: "graceTimeOut" },
  badValue: { set: { strategy: "sideways" }, words: /unsupported load-balancer strategy "sideways"/ },
  hostile: () => [],
};
