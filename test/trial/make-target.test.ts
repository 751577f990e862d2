import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WebSocketAddress } from "#wsrally/proxy/proxy.js";
import { parseArm } from "#wsrally/scenario/arm.js";
import { resolveWorkload, type WorkloadInput } from "#wsrally/scenario/workload.js";
import { makeTarget } from "#wsrally/trial/make-target.js";
import { readOwnHandshake } from "#wsrally/trial/own-handshake.js";

function targetOf(
  arm: string,
  endpoint: { tls: boolean; host: string; port: number },
  input: WorkloadInput = {},
  webSocket: WebSocketAddress | null = null,
) {
  const workload = resolveWorkload(input);
  return makeTarget({
    arm: parseArm(arm).target,
    endpoint: { ...endpoint, caPem: null },
    webSocket,
    workload,
    own: readOwnHandshake(workload),
    givenCaPem: null,
  });
}

describe("makeTarget()", () => {
  it("sets Host and Origin as a browser does", async () => {
    const { hostHeader, origin, path } = await targetOf("nginx", {
      tls: false,
      host: "127.0.0.1",
      port: 8080,
    });
    assert.deepEqual([hostHeader, origin, path], ["127.0.0.1:8080", "http://127.0.0.1:8080", "/sock"]);
  });

  it("leaves the scheme's own port out, and puts IPv6 in brackets", async () => {
    assert.equal((await targetOf("nginx", { tls: true, host: "::1", port: 443 })).hostHeader, "[::1]");
    assert.equal(
      (await targetOf("nginx", { tls: true, host: "127.0.0.1", port: 443 })).origin,
      "https://127.0.0.1",
    );
  });

  it("takes the URL's path and query unless a path was given", async () => {
    const endpoint = { tls: false, host: "127.0.0.1", port: 80 };
    assert.equal((await targetOf("ws://127.0.0.1/chat?room=1", endpoint)).path, "/chat?room=1");
    assert.equal((await targetOf("ws://127.0.0.1/chat", endpoint, { path: "/other" })).path, "/other");
  });

  it("takes what was given instead", async () => {
    const { hostHeader, origin } = await targetOf(
      "nginx",
      { tls: false, host: "127.0.0.1", port: 8080 },
      { host: "example.test", origin: "https://app.test" },
    );
    assert.deepEqual([hostHeader, origin], ["example.test", "https://app.test"]);
  });

  it("asks for what the proxy's config says, unless something else was given", async () => {
    const endpoint = { tls: true, host: "127.0.0.1", port: 8443 };
    const webSocket = { serverName: "chat.example.com", path: "/ws/" };
    const own = await targetOf("nginx:a.conf", endpoint, {}, webSocket);
    assert.deepEqual(
      [own.hostHeader, own.origin, own.path],
      ["chat.example.com", "https://chat.example.com", "/ws/"],
    );
    const given = await targetOf("nginx:a.conf", endpoint, { host: "other.test", path: "/x" }, webSocket);
    assert.deepEqual([given.hostHeader, given.path], ["other.test", "/x"]);
    const silent = await targetOf("nginx:a.conf", endpoint, {}, { serverName: null, path: null });
    assert.deepEqual([silent.hostHeader, silent.path], ["127.0.0.1:8443", "/sock"]);
  });

  it("looks names up, and says which one cannot be found", async () => {
    const found = await targetOf("ws://localhost/", { tls: false, host: "localhost", port: 80 });
    assert.match(found.address, /^127\.|^::1$/);
    assert.equal(found.hostHeader, "localhost");
    await assert.rejects(targetOf("ws://h/", { tls: false, host: "no-such-host.invalid", port: 80 }), {
      message: /Cannot find the host no-such-host\.invalid/,
    });
  });
});
