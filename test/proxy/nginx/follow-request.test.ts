import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseNginxConfig } from "#wsrally/proxy/nginx/language/parse-nginx-config.js";
import { followRequest } from "#wsrally/proxy/nginx/route/follow-request.js";

/** Path, server, where it comes to, by what, and what answers it there. */
const rows: readonly (readonly [
  path: string,
  server: string,
  locations: string,
  by: readonly string[],
  answer: string | null,
])[] = [
  ["/a", "location / { proxy_pass http://x; }", "/", [], null],
  ["/a", "location / { try_files $uri @x; } location @x { proxy_pass http://x; }", "@x", ["try_files"], null],
  [
    "/a",
    "location / { try_files $uri $uri/ /index.php?q=$uri; } location ~ \\.php$ { fastcgi_pass x; }",
    "~ \\.php$",
    ["try_files"],
    null,
  ],
  ["/a", "location / { proxy_pass http://x; try_files $uri =404; }", "/", [], "try_files"],
  ["/a", "location / { try_files $uri @gone; }", "/", [], "try_files"],
  ["/a", "try_files $uri @x; location @x { proxy_pass http://x; }", "@x", ["try_files"], null],
  [
    "/live/1",
    "location /live { rewrite ^/live/(.*)$ /app/$1 last; } location /app/ { internal; proxy_pass http://x; }",
    "/app/",
    ["rewrite"],
    null,
  ],
  ["/app/1", "location /app/ { internal; proxy_pass http://x; }", "/app/", [], "internal"],
  [
    "/live/1",
    "location /live { rewrite ^/live/(.*)$ /app/$1 break; proxy_pass http://x; } location /app { }",
    "/live",
    [],
    null,
  ],
  [
    "/v1/ws",
    "rewrite ^/v1/(.*)$ /v2/$1; location /v2/ { proxy_pass http://x; } location / { }",
    "/v2/",
    ["rewrite"],
    null,
  ],
  [
    "/a",
    "location / { error_page 418 = @ws; if ($http_upgrade = websocket) { return 418; } proxy_pass http://x; } location @ws { proxy_pass http://y; }",
    "@ws",
    ["error_page"],
    null,
  ],
  [
    "/a",
    "error_page 404 = @app; location / { index x.html; } location @app { proxy_pass http://x; }",
    "@app",
    ["error_page"],
    null,
  ],
  [
    "/a",
    "error_page 404 /404.html; location / { root x; } location = /404.html { root x; }",
    "= /404.html",
    ["error_page"],
    null,
  ],
  ["/a", "location / { return 301 https://$host$request_uri; }", "/", [], "return"],
  [
    "/a",
    "if ($scheme = http) { return 301 https://$host$request_uri; } location / { proxy_pass http://x; }",
    "",
    [],
    "return",
  ],
  ["/a", "if ($scheme = https) { return 403; } location / { proxy_pass http://x; }", "/", [], null],
  [
    "/a",
    "location / { if ($http_upgrade) { proxy_pass http://y; } proxy_pass http://x; }",
    "/ > if",
    [],
    null,
  ],
  [
    "/a",
    "location / { if (!-f $request_filename) { proxy_pass http://y; break; } root x; }",
    "/ > if",
    [],
    null,
  ],
  ["/a", "location / { if ($request_method != GET) { return 405; } proxy_pass http://x; }", "/", [], null],
  ["/a", "location / { if ($http_cookie ~ session) { return 403; } proxy_pass http://x; }", "/", [], null],
  ["/a?t=1", "location / { if ($arg_t = 1) { return 403; } proxy_pass http://x; }", "/", [], "return"],
  [
    "/a",
    "location / { set $ws no; if ($http_upgrade ~* ^websocket$) { set $ws yes; } if ($ws = yes) { rewrite ^ /ws last; } } location = /ws { proxy_pass http://x; }",
    "= /ws",
    ["rewrite"],
    null,
  ],
  ["/a", "location / { if ($kind = socket) { return 400; } proxy_pass http://x; }", "/", [], "return"],
  [
    "/a",
    "location / { rewrite ^ /b last; } location /b { rewrite ^ /a last; }",
    "/",
    Array(10).fill("rewrite"),
    "rewrite",
  ],
];

describe("followRequest()", () => {
  for (const [path, body, locations, by, answer] of rows) {
    it(`follows ${path} in ${body}`, () => {
      const text = `http { map $http_upgrade $kind { default page; websocket socket; } server { ${body} } }`;
      const tree = parseNginxConfig(text, "a.conf");
      const server = tree[0]?.block?.find(({ name }) => name === "server");
      assert.ok(server);
      const found = followRequest(tree, server, {
        path,
        host: "a.example.com",
        connection: "Upgrade",
        tls: false,
      });
      const words = found.locations.map(({ args }) => args.join(" "));
      if (found.condition !== null) words.push("if");
      assert.deepEqual(
        [words.join(" > "), found.hops.map((hop) => hop.by.name), found.answer?.name ?? null],
        [locations, by, answer],
      );
    });
  }
});
