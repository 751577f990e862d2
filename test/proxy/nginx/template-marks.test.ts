import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseNginxConfig } from "#wsrally/proxy/nginx/language/parse-nginx-config.js";
import { markInText, markInTree, type TemplateMark } from "#wsrally/proxy/nginx/language/template-marks.js";
import { NginxRefusedError } from "#wsrally/proxy/nginx/run/config-refused-error.js";

/** As the reader of configs finds it. */
function markIn(text: string): TemplateMark | null {
  try {
    return markInTree(parseNginxConfig(text, "a.conf"));
  } catch (thrown) {
    assert.ok(thrown instanceof NginxRefusedError, String(thrown));
    return markInText(text, "a.conf");
  }
}

/** In the second line each, with what is quoted of it. */
const templates: readonly (readonly [line: string, quoted: string])[] = [
  ["{{settings}}", "{{settings}}"],
  ["{{{{X}}}}", "{{{{X}}"],
  ["listen {{ port }};", "{{ port }}"],
  ['server_name "{{ domain }}";', "server_name {{ domain }}"],
  ["{% if tls %} listen 443; {% endif %}", "{% if tls %}"],
  ["<% if @tls %> listen 443; <% end %> }", "<% if @tls %>"],
  ["proxy_pass http://<%= backend %>;", "proxy_pass http://<%= backend %>"],
  ["<?php if ($x): ?> listen 80; <?php endif ?> } }", "<?php"],
  ['<tmpl_if name="ssl"> listen 443; </tmpl_if>', "<tmpl_if"],
  ["> if x then", "> if"],
  [`listen \${PORT};`, `listen \${PORT}`],
  ["listen $PORT;", "listen $PORT"],
  [`listen \${port};`, `listen \${port}`],
  [`location \${ROOT} { }`, `location \${ROOT}`],
  [`server_name \${domain};`, `server_name \${domain}`],
  [`proxy_pass http://\${BACKEND_HOST}:3000;`, `proxy_pass http://\${BACKEND_HOST}:3000`],
  ["proxy_pass http://$BACKEND_HOST;", "proxy_pass http://$BACKEND_HOST"],
  [`proxy_set_header Host \${DOLLAR}host;`, `proxy_set_header Host \${DOLLAR}host`],
  [`proxy_pass http://\${APP:-app}:3000;`, `proxy_pass http://\${APP:-app}:3000`],
  [`proxy_pass http://\${var.app};`, `proxy_pass http://\${var.app}`],
  ["proxy_pass http://$$app;", "proxy_pass http://$$app"],
  ["listen %ip%:%web_port%;", "listen %ip%:%web_port%"],
  ["include %home%/%user%/nginx.conf*;", "include %home%/%user%/nginx.conf*"],
  ["%proxy_string%;", "%proxy_string%"],
  ["server_name {virtualHostName};", "{virtualHostName}"],
  ["root {$documentRoot};", "{$documentRoot}"],
  ["location __PATH__/ { }", "location __PATH__/"],
  ["upstream @NAME@ { }", "upstream @NAME@"],
  ["proxy_pass http://<backend-host>:3000;", "proxy_pass http://<backend-host>:3000"],
  ["proxy_pass http://[[ app ]];", "proxy_pass http://[[ app ]]"],
];

/** nginx's own, or somebody's text. */
const configs: readonly string[] = [
  `proxy_pass http://\${backend};`,
  `proxy_pass http://\${host}:3000$request_uri;`,
  "proxy_set_header Host $HTTP_HOST;",
  `proxy_set_header X-Id \${REQUEST_ID};`,
  'set $APP app; proxy_pass http://$APP; location ~ "^/(?<Room>[a-z]{2}){1,3}$" { return 200 $Room; }',
  "map $host $NAME { default a; } proxy_pass http://$NAME;",
  "server_name $hostname ~^(?<sub>.+)\\.example\\.com$;",
  "location ~ ^/caf%c3%a9/(.*)$ { }",
  "proxy_pass http://app/a%20b%2Fc/;",
  "location /%7Euser%20name/ { }",
  `return 200 '{{"a":{{}}}}';`,
  "sub_filter \"%title%\" \"{{ title }}\"; sub_filter '<head>' '<head><base>';",
  `log_format json escape=json '{"t":"$time_iso8601","u":"$uri"}';`,
  'add_header Content-Security-Policy "default-src {{nonce}}";',
  "rewrite ^/(\\w{3})$ /x?y=%25$1%25 last;",
  "content_by_lua_block { local t = {{1,2},{{3}}} ngx.say(t[1]) }",
  "location @fallback { } location /a@b.c/ { }",
  `# {{ a comment }} \${WITH} %marks%\n`,
  "error_page 502 @MAINTENANCE_PAGE; location @MAINTENANCE_PAGE { }",
  "ssl_ciphers EECDH+AESGCM:EDH+AESGCM;",
  'if ($http_cookie ~* "id=([^;]+)(?:;|$)") { set $id $1; }',
];

describe("template marks", () => {
  for (const [line, quoted] of templates) {
    it(`are found in ${line}`, () => {
      const mark = markIn(`server {\n${line}\n}`);
      assert.deepEqual(mark, { text: quoted, origin: { file: "a.conf", line: 2 } });
    });
  }

  for (const text of configs) {
    it(`are none in ${text.trim()}`, () => {
      assert.equal(markIn(`server {\n${text}\n}`), null);
    });
  }

  it("are none in any config that nginx runs", () => {
    const folders = ["test/proxy/nginx/fixtures/corpus", "test/probe/corpus"];
    const files = folders.flatMap((folder) =>
      readdirSync(folder).flatMap((name) => (name.endsWith(".conf") ? [join(folder, name)] : [])),
    );
    assert.ok(files.length > 100);
    const marked = files.filter(
      (file) => !file.includes("template") && markIn(readFileSync(file, "utf8")) !== null,
    );
    assert.deepEqual(marked, []);
  });
});
