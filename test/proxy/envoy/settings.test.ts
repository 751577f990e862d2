import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { printConfig } from "#wsrally/proxy/envoy/language/print-config.js";
import { parseEnvoySettings, settableNames } from "#wsrally/proxy/envoy/run/settings.js";
import { builtInConfig } from "#wsrally/proxy/envoy/run/template.js";

function textOf(set: Readonly<Record<string, string>>): string {
  return printConfig(builtInConfig(parseEnvoySettings(set), 100, 2));
}

describe("--set on the built-in Envoy config", () => {
  for (const [set, line] of [
    [{ stream_idle_timeout: "5m" }, /"stream_idle_timeout": "300s"/],
    [{ "route idle_timeout": "500ms" }, /"timeout": "0s",\s+"idle_timeout": "0.5s"/],
    [{ "route timeout": "15" }, /"timeout": "15s"/],
    [{ max_requests: "9" }, /"max_connections": 228,\s+"max_pending_requests": 228,\s+"max_requests": 9\s/],
    [{ max_stream_duration: "1h" }, /"common_http_protocol_options": \{\s+"max_stream_duration": "3600s"/],
    [{ enable_reuse_port: "off" }, /"enable_reuse_port": false/],
    [{ lb_policy: "LEAST_REQUEST" }, /"connect_timeout": "5s",\s+"lb_policy": "LEAST_REQUEST"/],
    [{ "cluster per_connection_buffer_limit_bytes": "32768" }, /"connect_timeout": "5s",\s+"per_conn/],
    [{ tls: "on", tls_minimum_protocol_version: "TLSv1_3" }, /"tls_minimum_protocol_version": "TLSv1_3"/],
    [{ tls: "on", alpn_protocols: "h2,http/1.1" }, /"alpn_protocols": \[\s+"h2",\s+"http\/1.1"/],
    [{}, /"port_value": "@wsrally-backend-1@"/],
  ] as const)
    it(JSON.stringify(set), () => assert.match(textOf(set), line));

  it("takes the place of what stands there", () => {
    assert.equal(textOf({ stream_idle_timeout: "5m" }).match(/"stream_idle_timeout"/g)?.length, 1);
  });

  it("has one worker unless told otherwise", () => {
    assert.equal(parseEnvoySettings({}).concurrency, 1);
    assert.equal(parseEnvoySettings({ concurrency: "3" }).concurrency, 3);
  });

  for (const [set, words] of [
    [{ idle_timeout: "1s" }, /Did you mean route idle_timeout\?/],
    [{ max_request: "1" }, /Did you mean max_requests\?/],
    [{ max_requests: "many" }, /want a whole number/],
    [{ stream_idle_timeout: "soon" }, /want a time/],
    [{ enable_reuse_port: "true" }, /want on or off/],
    [{ alpn_protocols: "h2" }, /without TLS/],
    [{ lb_policy: 'a"b' }, /want one word/],
    [{ concurrency: "0" }, /at least one worker/],
  ] as const)
    it(`refuses ${JSON.stringify(set)}`, () => {
      assert.throws(
        () => parseEnvoySettings(set),
        (thrown) => thrown instanceof UsageError && words.test(thrown.message),
      );
    });

  it("names what can be set", () => assert.ok(settableNames.includes("max_requests")));
});
