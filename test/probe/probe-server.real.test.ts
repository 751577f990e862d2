/** `probe URL` names each of the six proxies where it stands before a backend, and nobody else. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import type { ProxyKind } from "#wsrally/scenario/proxy-kind.js";
import { never, withBench } from "../proxy/support/proxy-bench.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { pongEngines, withPongServer } from "../support/with-pong-server.js";

const titles: readonly (readonly [kind: ProxyKind, title: string])[] = [
  ["nginx", "nginx"],
  ["haproxy", "HAProxy"],
  ["caddy", "Caddy"],
  ["envoy", "Envoy"],
  ["traefik", "Traefik"],
  ["apache", "Apache"],
];

interface Found {
  readonly id: string;
  readonly status: string;
  readonly title: string;
  readonly evidence: readonly string[];
}

/** What a probe of somebody's port says of who answers. */
function serverAt(port: number): Promise<Found> {
  return withFolder(async (out) => {
    const url = `ws://127.0.0.1:${port}/sock`;
    const { stdout, stderr } = await runHere(["probe", url, "--quick", "--json", "--out", out]);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Found[] };
    return findings.find(({ id }) => id === "server") ?? assert.fail(stderr);
  });
}

describe("probe of a URL, of who answers there", () => {
  for (const [kind, named] of titles) {
    it(`names ${named}, with what tells it`, async () => {
      await withBench(async ({ setting }) => {
        const target = { kind: "proxy", proxy: kind, configFile: null } as const;
        const running = await (await prepareProxy(target, {}, setting, never)).start(never);
        try {
          const { status, title, evidence } = await serverAt(running.endpoint.port);
          assert.deepEqual([status, title], ["ok", `what answers here looks like ${named}`]);
          assert.ok(evidence.length > 0);
        } finally {
          await running.stop();
        }
      });
    });
  }

  for (const engine of pongEngines) {
    it(`names nobody where wsrally's own backend stands alone (${engine})`, async () => {
      await withPongServer({ engine }, async ({ port }) => {
        assert.equal((await serverAt(port)).status, "not-tested");
      });
    });
  }

  it("names nobody where a program calls itself by a proxy's name", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(404, { Server: "nginx/1.31.3", Via: "1.1 Caddy" }).end("404 page not found\n");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      assert.equal((await serverAt((server.address() as AddressInfo).port)).status, "not-tested");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
