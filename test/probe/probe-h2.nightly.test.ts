/**
 * WebSockets over HTTP/2: all of a look at Apache, which announces a hundred a connection and carries six, and at proxies in which
 * one that is not read holds up all others of its connection.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { withFolder } from "../support/with-folder.js";
import { findingOf } from "./support/find-finding.js";
import { probeArm } from "./support/probe-config.js";

const config = `ServerName localhost
Listen 8080
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
LoadModule http2_module modules/mod_http2.so
<VirtualHost *:8080>
  Protocols h2c http/1.1
  H2WebSockets on
  ProxyPass /ws ws://127.0.0.1:3000/ws
</VirtualHost>
`;

it("Apache carries six WebSockets on an HTTP/2 connection, and keeps them at a reload", () =>
  withFolder(async (folder) => {
    const configFile = join(folder, "site.conf");
    writeFileSync(configFile, config);
    const arm = { kind: "proxy", proxy: "apache", configFile, confinedTo: null } as const;
    const result = await probeArm({ arm, quick: false });
    const limit = findingOf(result, "h2-websocket-stream-limit");
    assert.equal(limit.status, "warning", limit.evidence.join("\n"));
    assert.match(limit.title, /carries 6 WebSockets, and announces 100 streams/);
    assert.match(limit.evidence.join("\n"), /a page on the same connection meanwhile: no answer in time/);
    assert.match(limit.cause ?? "", /`H2WebSockets on` at \S*site\.conf:10/);
    const slow = findingOf(result, "h2-websocket-slow-stream");
    assert.equal(slow.status, "ok", slow.evidence.join("\n"));
    assert.match(
      slow.evidence.join("\n"),
      /of 6 WebSockets .* the client .*\nof 6 WebSockets .* the backend /,
    );
    const reload = findingOf(result, "h2-websocket-reload");
    assert.equal(reload.status, "ok");
    assert.match(reload.evidence.join("\n"), /3 stayed open\n.*GOAWAY \(NO_ERROR\)/);
  }));

const held = "99 had no answer in 2 s meanwhile";

const rows = [
  {
    proxy: "haproxy",
    set: {},
    status: "ok",
    cause: /HAProxy .* reads nothing/,
    holds: { client: false, backend: true },
  },
  {
    proxy: "haproxy",
    set: { "server proto": "h2" },
    status: "warning",
    cause: /HAProxy .* reads nothing/,
    holds: { client: true, backend: true },
  },
  {
    proxy: "caddy",
    set: { tls: "on", GODEBUG: "http2xconnect=1" },
    status: "warning",
    cause: /no room for the other streams/,
    holds: { client: false, backend: true },
  },
] as const;

for (const { proxy, set, status, cause, holds } of rows)
  it(`${proxy} ${JSON.stringify(set)} lets one WebSocket hold up the others of its connection`, async () => {
    const result = await probeArm({ arm: { kind: "proxy", proxy, configFile: null }, set, quick: false });
    const finding = findingOf(result, "h2-websocket-slow-stream");
    const [client, backend] = finding.evidence.map((line) => line.endsWith(held));
    assert.deepEqual({ client, backend }, holds, finding.evidence.join("\n"));
    assert.equal(finding.status, status);
    assert.match(finding.title, /^a (client|backend) that does not read one WebSocket holds up all others/);
    assert.match(finding.cause ?? "", cause);
  });
