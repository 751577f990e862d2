import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { type ConfigView, viewConfig } from "#wsrally/proxy/apache/explain/config-view.js";
import { factsOf } from "#wsrally/proxy/apache/explain/facts.js";
import { foretellLimits } from "#wsrally/proxy/apache/explain/foretell-limits.js";
import { builtInName, builtInTree } from "#wsrally/proxy/apache/run/built-in-tree.js";
import { parseApacheSettings } from "#wsrally/proxy/apache/run/settings.js";
import { builtInConfig, sizeFor } from "#wsrally/proxy/apache/run/template.js";

describe("--set on the built-in Apache config", () => {
  it("puts each name where it stands", () => {
    const set = {
      tls: "on",
      SSLProtocol: "-all +TLSv1.3",
      Timeout: "60",
      ServerLimit: "4",
      "ProxyPass retry": "5",
    };
    const config = builtInConfig(parseApacheSettings(set), 100, 2);
    const [, settings = ""] = config.split("LogLevel notice\n");
    assert.equal(
      settings,
      `Listen @wsrally-listen-0@
ListenBacklog 65535
ServerLimit 4
ThreadLimit 136
ThreadsPerChild 136
StartServers 1
MaxRequestWorkers 136
MinSpareThreads 1
MaxSpareThreads 136
Timeout 60
ProxyPreserveHost On
SSLEngine On
SSLCertificateFile run.crt
SSLCertificateKeyFile run.key
SSLSessionCache none
SSLProtocol -all +TLSv1.3
<Proxy balancer://backend>
BalancerMember http://@wsrally-backend-0@ upgrade=websocket retry=5
BalancerMember http://@wsrally-backend-1@ upgrade=websocket retry=5
</Proxy>
ProxyPass / balancer://backend/
`,
    );
    assert.match(config, /LoadModule ssl_module @wsrally-modules@\/mod_ssl\.so/);
    assert.doesNotMatch(builtInConfig(parseApacheSettings({}), 100, 2), /ssl/i);
  });

  it("announces as many WebSockets over HTTP/2 as a connection carries, with a worker for each", () => {
    for (const [tls, protocol] of [
      ["off", "h2c"],
      ["on", "h2"],
    ] as const) {
      const config = builtInConfig(parseApacheSettings({ tls }), 100, 1, 2);
      assert.match(config, /LoadModule http2_module/);
      const words = `Protocols ${protocol} http/1.1\nH2WebSockets on\nH2MaxSessionStreams 6\nH2MaxWorkers 136\n`;
      assert.ok(config.includes(words), config);
    }
    assert.doesNotMatch(builtInConfig(parseApacheSettings({}), 100, 1), /H2|Protocols/);
  });

  const refused: readonly (readonly [set: Readonly<Record<string, string>>, says: RegExp])[] = [
    [{ MaxRequestWorker: "5" }, /Did you mean MaxRequestWorkers\?/],
    [{ retry: "5" }, /Did you mean ProxyPass retry\?/],
    [{ SSLProtocol: "all" }, /Cannot set SSLProtocol without TLS/],
    [{ "ProxyPass retry": "5 max=1" }, /want one word/],
    [{ Timeout: "5\nUser root" }, /cannot stand in a value/],
    [{ Timeout: "%{HOME}" }, /cannot stand in a value/],
  ];
  for (const [set, says] of refused)
    it(`refuses ${JSON.stringify(set)}`, () => {
      assert.throws(
        () => parseApacheSettings(set),
        (thrown) => thrown instanceof UsageError && says.test(thrown.message),
      );
    });
});

function viewOf(set: Readonly<Record<string, string>>, connections: number): ConfigView {
  const asked = { path: null, serverName: null, version: null, isPart: false, file: builtInName };
  return viewConfig(builtInTree(parseApacheSettings(set), connections, 1), asked);
}

describe("a built-in Apache", () => {
  it("has a thread for each WebSocket of the load, in as many children as that takes", () => {
    const size = (connections: number, set: Readonly<Record<string, string>> = {}) =>
      sizeFor(connections, parseApacheSettings(set));
    assert.deepEqual(size(1), { threads: 27, children: 1 });
    assert.deepEqual(size(100, { ThreadsPerChild: "25" }), { threads: 25, children: 6 });
    // It takes whole children, and no more than were asked for.
    assert.deepEqual(size(100, { MaxRequestWorkers: "60", ThreadsPerChild: "25" }), {
      threads: 25,
      children: 2,
    });
    const { threads, children } = size(10_000);
    assert.ok(threads * children >= 10_000 && threads <= 1000, `${threads} × ${children}`);
  });

  const quiet: readonly (readonly [set: Readonly<Record<string, string>>, idleS: number, words: string])[] = [
    [{}, 3600, "Timeout 3600"],
    // The larger of the two ends a quiet WebSocket.
    [{ Timeout: "60", ProxyTimeout: "10" }, 60, "Timeout 60"],
    [{ Timeout: "10", ProxyTimeout: "60" }, 60, "ProxyTimeout 60"],
    [
      { Timeout: "10", ProxyTimeout: "90", "ProxyPass timeout": "60" },
      60,
      "BalancerMember http://… upgrade=websocket retry=0 timeout=60",
    ],
  ];
  for (const [set, idleS, words] of quiet)
    it(`ends a quiet WebSocket by ${words} with ${JSON.stringify(set)}`, () => {
      const { value, quote } = factsOf(viewOf(set, 10)).idleS;
      assert.deepEqual([value, quote.text], [idleS, words]);
    });

  it("is foretold to be stopped by its threads where they were set, else by the machine", () => {
    const machine = { maxOpenFiles: 1000, ephemeralPorts: 28_000, listenBacklog: 4096, availableBytes: null };
    const limits = (set: Readonly<Record<string, string>>) =>
      foretellLimits(viewOf(set, 1000), machine, { backendAddresses: 1, sizedTo: null });
    const [first] = limits({ MaxRequestWorkers: "50" });
    assert.deepEqual([first?.name, first?.foretold], ["request-workers", 50]);
    assert.equal(first?.admission?.letsIn({ connections: 100, perS: null }), 50);
    assert.equal(limits({})[0]?.name, "proxy-descriptors");
  });
});
