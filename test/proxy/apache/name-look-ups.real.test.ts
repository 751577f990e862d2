import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { skipLacking } from "../../support/lacking.js";
import { withFolder } from "../../support/with-folder.js";
import { asked, control, lookUps } from "../support/look-ups.js";

/** What names a host, in the main server and in a virtual host. */
const mainLines = [
  "Listen NAME:81",
  "ServerName NAME",
  "ProxyRemote * http://NAME:80",
  "ProxyBlock NAME",
  "NoProxy NAME",
  "UseCanonicalName DNS",
  "HostnameLookups Double",
  "RemoteIPInternalProxy NAME",
  "RemoteIPTrustedProxy 10.0.0.1 NAME",
  "SSLStaplingForceURL http://NAME/",
  "SSLOCSPDefaultResponder http://NAME/",
  "<Proxy http://NAME/>\nProxySet timeout=5\n</Proxy>",
  "<VirtualHost NAME:82>\nServerName NAME\n</VirtualHost>",
  "<VirtualHost *:80>\nServerAlias NAME\nProxyPass / http://NAME/\n</VirtualHost>",
];
const siteLines = [
  "ServerAlias NAME",
  "ProxyPass /a http://NAME/",
  "ProxyPass /b balancer://b/\n<Proxy balancer://b>\nBalancerMember http://NAME:80\n</Proxy>",
  "ProxyPassMatch ^/c(.*)$ ws://NAME$1",
  "ProxyPassReverse /a http://NAME/",
  "ProxyPassReverseCookieDomain NAME other",
  "RewriteEngine On\nRewriteRule ^/d(.*) http://NAME$1 [P]",
  "RewriteCond %{REMOTE_HOST} NAME\nRewriteRule ^/e(.*) http://NAME/ [P]",
  "<Location /f>\nRequire host NAME\n</Location>",
  "<Location /g>\nRequire forward-dns NAME\n</Location>",
  "<Location /h>\nOrder deny,allow\nAllow from NAME\n</Location>",
  '<Location /i>\nSetHandler "proxy:http://NAME:80"\n</Location>',
  "SetEnvIf Remote_Host NAME a",
  "ErrorDocument 404 http://NAME/",
  "Redirect /j http://NAME/",
  "<If \"%{REMOTE_HOST} == 'NAME'\">\nHeader set X a\n</If>",
];

function named(lines: readonly string[], prefix: string): string {
  return lines.map((line, index) => line.replaceAll("NAME", `${prefix}${index}${asked}`)).join("\n");
}

describe("names in a stranger's Apache config", () => {
  it("are asked of nobody, wherever they stand in it", async (test) => {
    await withFolder(async (folder) => {
      const file = join(folder, "httpd.conf");
      writeFileSync(
        file,
        `${named(mainLines, "m")}\n<VirtualHost *:80>\n${named(siteLines, "s")}\nProxyPass / http://s${asked}/ upgrade=websocket\n</VirtualHost>\n`,
      );
      const paths = ["/sock", ..."abcdefghij".split("").map((name) => `/${name}`), "/a/b"];
      const config = { proxy: "apache" as const, file, isConfined: true, dispensable: asked, paths };
      const answer = await lookUps([config], folder);
      if (typeof answer === "string") return skipLacking(test, `no network of its own here: ${answer}`);
      assert.deepEqual([...new Set(answer.names)], [control]);
      assert.deepEqual(
        answer.ends.map(({ refusal }) => refusal),
        [null],
        "what is left of it runs",
      );
      const refused = answer.ends.flatMap(({ refusals }) => refusals);
      assert.ok(refused.length < 8, refused.join("\n"));
    });
  });
});
