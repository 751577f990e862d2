import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Directive, walk } from "#wsrally/proxy/nginx/language/nginx-tree.js";
import { parseNginxConfig } from "#wsrally/proxy/nginx/language/parse-nginx-config.js";
import { findOwnHops, hopDepths, serversBehind } from "#wsrally/proxy/nginx/route/own-hops.js";

function httpOf(body: string): readonly Directive[] {
  return parseNginxConfig(`http { ${body} }`, "a.conf");
}

const behind = "server { listen 8081; location / { proxy_pass http://app:3000; } }";
const tls = "server { listen 8443 ssl; location / { proxy_pass http://app:3000; } }";

const cases: readonly {
  readonly name: string;
  readonly config: string;
  readonly hops: readonly string[];
  readonly depth: number;
}[] = [
  {
    name: "a pass to its own port, wherever that listens",
    config: `server { listen 80; proxy_pass http://127.0.0.1:8081/x; } ${behind}`,
    hops: ["http://127.0.0.1:8081/x > *:8081"],
    depth: 1,
  },
  {
    name: "a pass by the name localhost",
    config: `server { listen 80; proxy_pass http://localhost:8081; } server { listen [::]:8081; }`,
    hops: ["http://localhost:8081 > [::]:8081"],
    depth: 1,
  },
  {
    name: "a pass over TLS to where TLS is spoken",
    config: `server { listen 80; proxy_pass https://127.0.0.1:8443; } ${tls}`,
    hops: ["https://127.0.0.1:8443 > *:8443"],
    depth: 1,
  },
  {
    name: "no pass over TLS to where none is spoken, nor the other way round",
    config: `server { listen 80; proxy_pass https://127.0.0.1:8081; location /a { proxy_pass http://127.0.0.1:8443; } }
      ${behind} ${tls}`,
    hops: [],
    depth: 0,
  },
  {
    name: "no pass whose certificate is verified",
    config: `server { listen 80; proxy_ssl_verify on; proxy_pass https://127.0.0.1:8443; } ${tls}`,
    hops: [],
    depth: 0,
  },
  {
    name: "no pass to another machine, nor to another port",
    config: `server { listen 80; proxy_pass http://10.0.0.1:8081; location /a { proxy_pass http://127.0.0.1:8082; } } ${behind}`,
    hops: [],
    depth: 0,
  },
  {
    name: "no pass to where the server itself listens",
    config: "server { listen 8081; proxy_pass http://127.0.0.1:8081/other; }",
    hops: [],
    depth: 0,
  },
  {
    name: "no pass to what only a request tells",
    config: `server { listen 80; proxy_pass http://127.0.0.1:$port; location /a { proxy_pass $where; } } ${behind}`,
    hops: [],
    depth: 0,
  },
  {
    name: "members of an upstream, and the chain behind them",
    config: `upstream inner { server 127.0.0.1:8082; server 127.0.0.1:9000; }
      server { listen 80; location / { proxy_pass http://inner; } }
      server { listen 127.0.0.1:8082; location / { proxy_pass http://unix:/run/a.sock:/x; } }
      server { listen unix:/run/a.sock; location / { proxy_pass http://127.0.0.1:8081; } } ${behind}`,
    hops: [
      "127.0.0.1:8082 > 127.0.0.1:8082",
      "http://unix:/run/a.sock:/x > unix:/run/a.sock",
      "http://127.0.0.1:8081 > *:8081",
    ],
    depth: 3,
  },
  {
    name: "two servers that pass to each other, without end",
    config: `server { listen 8001; location / { proxy_pass http://127.0.0.1:8002; } }
      server { listen 8002; location / { proxy_pass http://127.0.0.1:8001; } }`,
    hops: ["http://127.0.0.1:8002 > *:8002", "http://127.0.0.1:8001 > *:8001"],
    depth: 8,
  },
];

describe("findOwnHops()", () => {
  for (const { name, config, hops, depth } of cases) {
    it(`takes for the config's own: ${name}`, () => {
      const tree = httpOf(config);
      const found = findOwnHops(tree).map(({ from, address }) => `${from.args[0]} > ${address}`);
      assert.deepEqual(found, hops);
      const servers = [...walk(tree)].filter(({ node }) => node.name === "server" && node.block !== null);
      assert.equal(
        hopDepths(
          tree,
          servers.map(({ node }) => node),
        ).most,
        depth,
      );
    });
  }
});

describe("serversBehind()", () => {
  it("names each server once, though they pass to each other", () => {
    const tree =
      httpOf(`server { listen 80; location /a { proxy_pass http://127.0.0.1:8001; } location /b { } }
      server { listen 8001; proxy_pass http://127.0.0.1:8002; }
      server { listen 8002; proxy_pass http://127.0.0.1:8001; }`);
    const locations = [...walk(tree)].filter(({ node }) => node.name === "location").map(({ node }) => node);
    const portsBehind = locations.map((location) =>
      serversBehind(tree, [location]).map(({ block }) => block?.[0]?.args[0]),
    );
    assert.deepEqual(portsBehind, [["8001", "8002"], []]);
  });
});
