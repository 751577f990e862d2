import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { parseTraefikSettings } from "#wsrally/proxy/traefik/run/settings.js";
import { builtInConfig } from "#wsrally/proxy/traefik/run/template.js";

describe("--set on the built-in Traefik config", () => {
  it("puts each name where it stands in Traefik's two files", () => {
    const set = {
      tls: "on",
      minVersion: "VersionTLS13",
      cipherSuites: "TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384",
      readTimeout: "10s",
      graceTimeOut: "3s",
      fastProxy: "on",
      accessLog: "off",
      strategy: "p2c",
      flushInterval: "5ms",
      dialTimeout: "4s",
      "inFlightReq amount": "100",
      compress: "on",
      GOGC: "400",
    };
    const config = builtInConfig(parseTraefikSettings(set), 2);
    assert.equal(
      config.static,
      `global:
  checkNewVersion: "false"
  sendAnonymousUsage: "false"
log:
  level: DEBUG
  format: json
entryPoints:
  web:
    address: "@wsrally-listen-0@"
    transport:
      lifeCycle:
        graceTimeOut: 3s
      respondingTimeouts:
        readTimeout: 10s
ping:
  manualRouting: "true"
providers:
  providersThrottleDuration: 10ms
  file:
    filename: routes.yml
    watch: "true"
experimental:
  fastProxy: {}
`,
    );
    assert.equal(
      config.routes,
      `http:
  routers:
    web:
      rule: PathPrefix(\`/\`)
      service: backend
      entryPoints:
        - web
      middlewares:
        - inFlightReq
        - compress
      tls: {}
    ready:
      rule: Path(\`/wsrally-ready-1\`)
      service: ping@internal
      entryPoints:
        - web
      tls: {}
  middlewares:
    inFlightReq:
      inFlightReq:
        amount: "100"
    compress:
      compress: {}
  services:
    backend:
      loadBalancer:
        serversTransport: backend
        servers:
          - url: http://@wsrally-backend-0@
          - url: http://@wsrally-backend-1@
        strategy: p2c
        responseForwarding:
          flushInterval: 5ms
  serversTransports:
    backend:
      forwardingTimeouts:
        dialTimeout: 4s
tls:
  stores:
    default:
      defaultCertificate:
        certFile: run.crt
        keyFile: run.key
  options:
    default:
      minVersion: VersionTLS13
      cipherSuites:
        - TLS_AES_128_GCM_SHA256
        - TLS_AES_256_GCM_SHA384
`,
    );
  });

  it("asks for as many processors as GOMAXPROCS says, else for one", () => {
    assert.deepEqual(
      [parseTraefikSettings({}).workers, parseTraefikSettings({ GOMAXPROCS: "3" }).workers],
      [1, 3],
    );
  });

  const refused: readonly (readonly [set: Readonly<Record<string, string>>, says: RegExp])[] = [
    [{ graceTimeout: "5s" }, /Did you mean graceTimeOut\?/],
    [{ amount: "5" }, /Did you mean inFlightReq amount\?/],
    [{ GOMAXPROCS: "all" }, /want a whole number from 1/],
    [{ fastProxy: "yes" }, /want on or off/],
    [{ minVersion: "VersionTLS12" }, /Cannot set minVersion without TLS/],
    [{ strategy: '{{ env "HOME" }}' }, /"\{" cannot stand in a value/],
    [{ readTimeout: " " }, /to nothing/],
  ];
  for (const [set, says] of refused)
    it(`refuses ${JSON.stringify(set)}`, () => {
      assert.throws(
        () => parseTraefikSettings(set),
        (thrown) => thrown instanceof UsageError && says.test(thrown.message),
      );
    });
});
