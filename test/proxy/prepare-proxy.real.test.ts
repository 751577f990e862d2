import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nearestName } from "#wsrally/base/nearest-name.js";
import { findFreePorts } from "#wsrally/proxy/free-port.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import { echoes, isAlive, never, withBench } from "./support/proxy-bench.js";

const urls: { url: string; tls: boolean; host: string; port: number }[] = [
  { url: "ws://example.com/sock?a=1", tls: false, host: "example.com", port: 80 },
  { url: "wss://example.com/", tls: true, host: "example.com", port: 443 },
  { url: "wss://[::1]:8443/x", tls: true, host: "::1", port: 8443 },
  { url: "ws://127.0.0.1:7415/", tls: false, host: "127.0.0.1", port: 7415 },
];

describe("prepareProxy()", () => {
  for (const { url, ...address } of urls) {
    it(`takes the address of ${url}`, async () => {
      await withBench(async ({ setting }) => {
        const proxy = await prepareProxy({ kind: "url", url }, {}, setting, never);
        const running = await proxy.start(never);
        assert.deepEqual(running.endpoint, { ...address, caPem: null });
        assert.equal(running.exited(), null);
        await running.stop();
      });
    });
  }

  it("meets the backend itself for direct, and knows no usage", async () => {
    await withBench(async ({ setting }) => {
      const running = await (await prepareProxy({ kind: "direct" }, {}, setting, never)).start(never);
      assert.deepEqual(running.endpoint, { tls: false, ...setting.backend, caPem: null });
      assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
      assert.equal(running.usage().cpuNs, null);
      assert.equal(running.footprint(), null);
    });
  });

  it("relays through a process of its own for embedded, and ends it", async () => {
    await withBench(async ({ setting }) => {
      const proxy = await prepareProxy({ kind: "embedded" }, {}, setting, never);
      const before = processTree(process.pid);
      const running = await proxy.start(never);
      const started = processTree(process.pid).filter((pid) => !before.includes(pid));
      assert.equal(started.length, 1);
      assert.notEqual(running.endpoint.port, setting.backend.port);
      const long = "x".repeat(300_000);
      assert.deepEqual(await echoes(running.endpoint, ["ping", long]), ["ping", long]);
      await running.stop();
      assert.deepEqual(started.filter(isAlive), []);
      assert.equal(running.exited(), null);
    });
  });

  it("does nothing once its signal has fired", async () => {
    await withBench(async ({ setting }) => {
      const fired = AbortSignal.abort(new Error("enough"));
      await assert.rejects(prepareProxy({ kind: "embedded" }, {}, setting, fired), /enough/);
    });
  });
});

describe("findFreePorts()", () => {
  it("finds ports that differ", async () => {
    assert.equal(new Set(await findFreePorts(20)).size, 20);
  });
});

describe("nearestName()", () => {
  const names = ["proxy_buffering", "proxy_buffers", "tls"];
  for (const [mistyped, name] of [
    ["proxy_bufering", "proxy_buffering"],
    ["proxy-buffers", "proxy_buffers"],
    ["tsl", "tls"],
    ["tl", "tls"],
    ["something_else", null],
  ] as const) {
    it(`takes ${mistyped} for ${name}`, () => assert.equal(nearestName(mistyped, names), name));
  }
});
