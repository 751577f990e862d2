/** Which proxy answers, by what is seen from outside: those that are known, those before others, and whoever looks alike. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nameServer } from "#wsrally/proxy/name-server.js";
import type { SeenAnswer, SeenServer } from "#wsrally/proxy/signs.js";

function answer(status: number, headers: Readonly<Record<string, string>> = {}, bodyStart = ""): SeenAnswer {
  const fields = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return { status, fields, bodyStart };
}

const upgraded = answer(101, { Upgrade: "websocket" });
const goRefusal = answer(400, { "Content-Type": "text/plain; charset=utf-8" }, "400 Bad Request");
const emptyRefusal = answer(400, { "Content-Length": "0" });
const caddyPassed = answer(426, { Via: "1.1 Caddy" });
const nginxPage = (name: string): SeenAnswer =>
  answer(400, { Server: name }, `<center><h1>400 Bad Request</h1></center>\r\n<hr><center>${name}</center>`);
const haproxyPage = answer(
  400,
  {},
  "<html><body><h1>400 Bad request</h1>\nYour browser sent an invalid request.\n</body></html>",
);
const apacheWords = "<p>Your browser sent a request that this server could not understand.<br />";

const rows: readonly [what: string, seen: Partial<SeenServer>, title: string | null][] = [
  ["nginx without its version", { broken: nginxPage("nginx") }, "nginx"],
  [
    "HAProxy before an nginx",
    { broken: haproxyPage, upgrade: answer(101, { Server: "nginx/1.31.3" }) },
    "HAProxy",
  ],
  ["Envoy of a mesh", { broken: answer(400, { server: "istio-envoy" }) }, "Envoy"],
  ["Caddy by its Via alone", { broken: goRefusal, fragment: caddyPassed }, "Caddy"],
  [
    "Caddy by its Server alone",
    {
      broken: goRefusal,
      fragment: answer(200, { Server: "Caddy" }),
      upgrade: answer(200, { Server: "Caddy" }),
    },
    "Caddy",
  ],
  ["Traefik", { broken: goRefusal, fragment: emptyRefusal }, "Traefik"],
  [
    "Traefik before a Caddy",
    { broken: goRefusal, fragment: emptyRefusal, upgrade: answer(101, { Server: "Caddy" }) },
    "Traefik",
  ],
  ["Apache without its version", { broken: answer(400, { Server: "Apache" }, apacheWords) }, "Apache"],
  ["another program of Go's", { broken: goRefusal, fragment: answer(404, {}, "404 page not found\n") }, null],
  [
    "one of Go's before a Caddy",
    { broken: goRefusal, upgrade: answer(101, { Server: "Caddy" }), fragment: answer(404) },
    null,
  ],
  [
    "one of Go's that refuses everything",
    { broken: goRefusal, fragment: emptyRefusal, upgrade: emptyRefusal },
    null,
  ],
  ["whoever calls itself nginx", { broken: answer(400), upgrade: answer(101, { Server: "nginx" }) }, null],
  ["OpenResty, which is more than nginx", { broken: nginxPage("openresty/1.27.1.1") }, null],
  ["LiteSpeed with Apache's words", { broken: answer(400, { Server: "LiteSpeed" }, apacheWords) }, null],
  ["Tomcat", { broken: answer(400, { Server: "Apache-Coyote/1.1" }, apacheWords) }, null],
  ["silence", { broken: null, upgrade: null }, null],
];

describe("nameServer()", () => {
  for (const [what, seen, title] of rows) {
    it(`says ${title ?? "nothing"} of ${what}`, () => {
      const named = nameServer({ broken: null, fragment: null, upgrade: upgraded, ...seen });
      assert.equal(named?.title ?? null, title);
      if (named !== null) assert.ok(named.evidence.length > 0);
    });
  }

  const caddy = { broken: goRefusal, fragment: caddyPassed };
  const envoy = { broken: answer(400, { server: "envoy" }) };
  const traefik = { broken: goRefusal, fragment: emptyRefusal };
  const meanings: readonly [seen: Partial<SeenServer>, answer: SeenAnswer | null, says: RegExp | null][] = [
    [caddy, answer(200), /no site has this host/],
    [caddy, answer(200, {}, "hello"), null],
    [caddy, null, /response_buffers/],
    [envoy, answer(403), /does not allow/],
    [envoy, answer(404), /no virtual host has this Host/],
    [envoy, answer(503, {}, "upstream connect error or disconnect/reset"), /could not connect/],
    [envoy, answer(403, {}, "RBAC: access denied"), /RBAC filter/],
    [envoy, answer(408, {}, "stream timeout"), /stream_idle_timeout/],
    [envoy, answer(429, {}, "local_rate_limited"), /no token left/],
    [envoy, null, /buffer filter/],
    [traefik, answer(404, {}, "404 page not found\n"), /no router takes the request/],
    [traefik, answer(404, {}, "not here"), null],
    [
      { broken: haproxyPage },
      answer(503, {}, "No server is available to handle this request."),
      /no server of the backend/,
    ],
    [{ broken: nginxPage("nginx") }, answer(502, {}, "<center>nginx</center>"), /reached no upstream/],
    [{ broken: nginxPage("nginx") }, answer(502, {}, "my own page"), null],
    [{ broken: nginxPage("nginx") }, answer(403, {}, "<center>nginx</center>"), /nginx itself refuses: deny/],
    [{ broken: nginxPage("nginx") }, answer(403, {}, "forbidden"), null],
    [{ broken: answer(400, { Server: "Apache" }, apacheWords) }, answer(426), /passes no upgrade on/],
  ];
  for (const [seen, told, says] of meanings) {
    it(`tells what ${told === null ? "silence" : `${told.status} ${told.bodyStart}`} means there: ${says}`, () => {
      const named = nameServer({ broken: null, fragment: null, upgrade: told, ...seen });
      const cause = named?.meaningOf(told)?.cause ?? null;
      if (says === null) assert.equal(cause, null);
      else assert.match(cause ?? "", says);
    });
  }
});
