/**
 * WebSockets over HTTP/2 through Apache, which announces a hundred a connection and carries six: all of a look at a config.
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
    const reload = findingOf(result, "h2-websocket-reload");
    assert.equal(reload.status, "ok");
    assert.match(reload.evidence.join("\n"), /3 stayed open\n.*GOAWAY \(NO_ERROR\)/);
  }));
