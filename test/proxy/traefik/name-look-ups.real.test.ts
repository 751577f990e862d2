/** Whom Traefik asks for the names of a config: nobody, wherever they stand in it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { skipLacking } from "../../support/lacking.js";
import { withFolder } from "../../support/with-folder.js";
import { asked, control, lookUps } from "../support/look-ups.js";
import { layFiles } from "./support/lay-files.js";

/** @param n tells one name from another */
const name = (n: number): string => `n${n}${asked}`;

const install = `entryPoints:
  web: {address: "${name(0)}:8080", forwardedHeaders: {trustedIPs: [10.0.0.1]}}
providers:
  file: {directory: routes}
  http: {endpoint: "http://${name(1)}/"}
  docker: {endpoint: "tcp://${name(2)}:2375"}
  redis: {endpoints: ["${name(3)}:6379"]}
certificatesResolvers: {le: {acme: {caServer: "https://${name(4)}/directory", email: a@b.test, storage: acme.json}}}
metrics: {statsD: {address: "${name(5)}:8125"}}
tracing: {otlp: {http: {endpoint: "http://${name(6)}/"}}}
hostResolver: {resolvConfig: /etc/resolv.conf}
serversTransport: {insecureSkipVerify: true}
`;
const routes = `http:
  routers:
    ws: {rule: "PathPrefix(\`/sock\`)", service: w, middlewares: [h, r, e]}
    auth: {rule: "Host(\`${name(8)}\`) || PathPrefix(\`/auth\`)", service: a, middlewares: [f, h], tls: {certResolver: le, domains: [{main: ${name(9)}}]}}
    plain: {rule: "PathPrefix(\`/plain\`)", service: m, middlewares: [l]}
  middlewares:
    h: {headers: {customRequestHeaders: {X-A: "${name(10)}"}, hostsProxyHeaders: [X-B]}}
    r: {redirectRegex: {regex: ^http://${name(11)}/, replacement: "https://${name(12)}/"}}
    f: {forwardAuth: {address: "http://${name(13)}/"}}
    l: {rateLimit: {average: 100, redis: {endpoints: ["${name(14)}:6379"]}}}
    e: {errors: {status: [500-599], service: b, query: /}}
  services:
    a: {loadBalancer: {passHostHeader: false, servers: [{url: "http://${name(15)}"}], healthCheck: {path: /, hostname: ${name(16)}, interval: 10ms}}}
    b: {loadBalancer: {serversTransport: t, sticky: {cookie: {name: s, domain: ${name(17)}}}, servers: [{url: "https://${name(18)}"}]}}
    w: {weighted: {services: [{name: a, weight: 1}, {name: b, weight: 1}]}}
    m: {mirroring: {service: a, mirrors: [{name: b, percent: 100}]}}
  serversTransports: {t: {serverName: ${name(7)}}}
tcp:
  routers: {t: {rule: "HostSNI(\`${name(19)}\`)", service: t, tls: {}}}
  services: {t: {loadBalancer: {servers: [{address: "${name(20)}:443"}]}}}
`;

describe("names in a Traefik config", () => {
  it("are asked of nobody, be it a stranger's or the user's own", async (test) => {
    await withFolder(async (folder) => {
      layFiles(folder, { "routes/a.yml": routes });
      // Names of providers are left out of a user's own config as well.
      const config = (file: string, isConfined: boolean) => ({
        ...{ proxy: "traefik" as const, file: layFiles(folder, { [file]: install }), isConfined },
        paths: ["/sock", "/auth", "/plain"],
      });
      const answer = await lookUps([config("traefik.yml", true), config("own.yml", false)], folder);
      if (typeof answer === "string") return skipLacking(test, `no network of its own here: ${answer}`);
      assert.deepEqual([...new Set(answer.names)], [control]);
      assert.deepEqual(
        answer.ends.map(({ file, refusal }) => [file, refusal]).sort(),
        ["own.yml", "traefik.yml"].map((file) => [join(folder, file), null]),
      );
    });
  });
});
