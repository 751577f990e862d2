/** What of a config is shown, line for line, and that it is still the same config where nothing is secret. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { maskConfigText, maskTree } from "#wsrally/proxy/nginx/language/mask-config.js";
import { parseNginxConfig } from "#wsrally/proxy/nginx/language/parse-nginx-config.js";
import { printNginxConfig } from "#wsrally/proxy/nginx/language/print-nginx-config.js";

const rows: readonly (readonly [written: string, shown: string])[] = [
  ['proxy_set_header Authorization "Basic dXNlcjpwYXNz";', 'proxy_set_header Authorization "Basic ***";'],
  [
    "proxy_set_header Authorization $http_authorization;",
    "proxy_set_header Authorization $http_authorization;",
  ],
  ['proxy_set_header Authorization "Bearer $token";', 'proxy_set_header Authorization "Bearer $token";'],
  ["proxy_set_header X-Api-Key abc;", "proxy_set_header X-Api-Key ***;"],
  ['proxy_set_header Cookie "sid=abc; a=$cookie_a";', 'proxy_set_header Cookie "sid=***; a=$cookie_a";'],
  ["proxy_set_header Host $host;", "proxy_set_header Host $host;"],
  [
    "proxy_set_header Sec-WebSocket-Protocol $http_sec_websocket_protocol;",
    "proxy_set_header Sec-WebSocket-Protocol $http_sec_websocket_protocol;",
  ],
  ["add_header Set-Cookie 'sid=abc; Path=/';", "add_header Set-Cookie 'sid=***; Path=/';"],
  ["fastcgi_param DB_PASSWORD abc;", "fastcgi_param DB_PASSWORD ***;"],
  [
    "proxy_pass http://user:pass@app:80/x?key=abc&id=$arg_id;",
    "proxy_pass http://***@app:80/x?key=***&id=$arg_id;",
  ],
  ["return 302 https://h/?code=abc;", "return 302 https://h/?code=***;"],
  ["set $api_token abc;", "set $api_token ***;"],
  ["set $upstream app:80;", "set $upstream app:80;"],
  ["env DB_PASSWORD=abc;", "env DB_PASSWORD=***;"],
  ["env TZ=UTC;", "env TZ=UTC;"],
  ["secure_link_secret abc;", "secure_link_secret ***;"],
  ['secure_link_md5 "$secure_link_expires$uri abc";', 'secure_link_md5 "$secure_link_expires$uri ***";'],
  ["ssl_password_file /etc/keys.pass;", "ssl_password_file /etc/keys.pass;"],
  ["server_tokens off;", "server_tokens off;"],
  ["auth_basic 'members only';", "auth_basic 'members only';"],
  ["auth_basic_user_file /etc/users;", "auth_basic_user_file /etc/users;"],
  ["ldap_binddn_passwd 'a b';", "ldap_binddn_passwd '***';"],
  ['if ($http_x_api_key != "abc") { return 403; }', 'if ($http_x_api_key != "***") { return 403; }'],
  ["if ($cookie_session = abc) { return 403; }", "if ($cookie_session = ***) { return 403; }"],
  ["if ($request_method = POST) { return 405; }", "if ($request_method = POST) { return 405; }"],
  [
    'map $http_authorization $who { default ""; "Bearer abc" one; "~^Basic abc" two; }',
    'map $http_authorization $who { default ""; "Bearer ***" one; "~***" two; }',
  ],
  ["map $host $api_key { default $x; a.example abc; }", "map $host $api_key { default $x; a.example ***; }"],
  [
    'map $http_upgrade $c { default upgrade; "" close; }',
    'map $http_upgrade $c { default upgrade; "" close; }',
  ],
  ["# password=abc\nlisten 80; # was http://a:b@h/", "# password=***\nlisten 80; # was http://***@h/"],
  [
    "access_by_lua_block { local token = 'a' ngx.var.url = \"http://a:b@h/\" }",
    "access_by_lua_block { local token = 'a' ngx.var.url = \"http://***@h/\" }",
  ],
  [
    'set $secret "a\nb\nc";\nlisten 80;',
    'set $secret "***\n\n";\nlisten 80;'.replace('***\n\n"', '***"\n\n'),
  ],
  ["set $secret", "set $secret"],
  ["proxy_set_header X-Token abc", "proxy_set_header X-Token ***"],
  ['"unfinished http://a:b@h/', '"unfinished http://***@h/'],
];

describe("maskConfigText()", () => {
  for (const [written, shown] of rows) {
    it(`shows ${written}`, () => {
      assert.equal(maskConfigText(written), shown);
      assert.equal(maskConfigText(shown), shown);
      assert.equal(shown.split("\n").length, written.split("\n").length);
    });
  }

  it("tells what it masked", () => {
    const found: string[] = [];
    const text = rows.map(([written]) => written).filter((line) => /^proxy_(?:set_header|pass)/.test(line));
    maskConfigText(`${text.join("\n")};`, (value) => found.push(value));
    assert.deepEqual(found, ["dXNlcjpwYXNz", "abc", "abc", "pass", "abc", "abc"]);
  });

  it("leaves every config of the corpus as it is, and its tree", () => {
    const folder = "test/probe/corpus";
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".conf"))) {
      const text = readFileSync(join(folder, name), "utf8");
      const shown = maskConfigText(text);
      if (/authorization|token|secret|[?@]/i.test(text)) continue;
      assert.equal(shown, text, name);
    }
  });

  it("masks a tree as it masks its text", () => {
    const text = rows
      .map(([written]) => written)
      .filter((line) => /[;}]$/.test(line) && !/lua|"a\n/.test(line))
      .join("\n");
    const tree = parseNginxConfig(text, "x.conf");
    const shown = printNginxConfig(maskTree(tree, () => undefined)).text;
    const again = printNginxConfig(parseNginxConfig(maskConfigText(text), "x.conf")).text;
    assert.equal(shown, again);
  });
});
