/** Many WebSockets over HTTP/2: every message counted at both ends, through each proxy that takes them and at a server of Node's own. */
import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { linuxOnly } from "../linux/support/linux-only.js";
import { startHttp2Server } from "../support/http2-server.js";
import { runCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

async function runOver(arm: string, flags: readonly string[]): Promise<RunDocument> {
  let document: RunDocument | null = null;
  await withFolder(async (folder) => {
    chmodSync(folder, 0o755);
    const { code, stdout, stderr } = await runCli(
      ["run", arm, "--http", "2", "--blocks", "1", "--warmup", "0", "--json", ...flags],
      { cwd: folder, env: { TMPDIR: folder, HOME: process.env.HOME ?? folder } },
    );
    assert.equal(code, 0, stderr);
    document = JSON.parse(stdout) as RunDocument;
  });
  assert.ok(document !== null);
  return document;
}

const through: readonly (readonly [proxy: string, tls: "on" | "off"])[] = [
  "haproxy",
  "envoy",
  "caddy",
].flatMap((proxy) => [[proxy, "off"] as const, [proxy, "on"] as const]);

describe("WebSockets over HTTP/2", linuxOnly, () => {
  for (const [proxy, tls] of through)
    it(`are counted at both ends of ${proxy}, TLS ${tls}`, async () => {
      const flags = ["--set", `tls=${tls}`, "--connections", "1000", "--rate", "2000", "--duration", "2"];
      const { arms } = await runOver(proxy, flags);
      for (const { trials } of arms)
        for (const { accounting, connections, failures } of trials) {
          const { clientSent, backendReceived, backendSent, clientReceived } = accounting;
          assert.deepEqual(failures, []);
          assert.equal(connections.tcpOpened, 10);
          assert.ok(clientSent >= 4000, `${clientSent}`);
          assert.deepEqual([backendReceived, backendSent, clientReceived], Array(3).fill(clientSent));
        }
    });

  const upstreams: readonly (readonly [arm: string, ...flags: string[]])[] = [
    ["haproxy", "--set", "server proto=h2"],
    ["envoy", "--set", "cluster http2_protocol_options=on"],
    ["apache"],
    ["direct"],
    ["embedded"],
  ];
  for (const [arm, ...flags] of upstreams)
    for (const http of ["1", "2"])
      it(`are counted at both ends of ${[arm, ...flags].join(" ")}, to which clients speak HTTP/${http}`, async () => {
        const load = ["--connections", "500", "--rate", "2000", "--duration", "1", "--http", http];
        const { arms } = await runOver(arm, [...flags, ...load]);
        for (const { trials } of arms)
          for (const { accounting, failures } of trials) {
            const { clientSent, backendReceived, backendSent, clientReceived } = accounting;
            assert.deepEqual(failures, []);
            assert.ok(clientSent >= 2000, `${clientSent}`);
            assert.deepEqual([backendReceived, backendSent, clientReceived], Array(3).fill(clientSent));
          }
      });

  it("are 10,000 on 100 connections, every message counted at both ends", async () => {
    const server = await startHttp2Server();
    try {
      const flags = ["--connections", "10000", "--rate", "5000", "--duration", "4"];
      const { arms } = await runOver(`ws://127.0.0.1:${server.port}/sock`, flags);
      const [arm] = arms;
      const [trial] = arm?.trials ?? [];
      assert.deepEqual(trial?.failures, []);
      assert.deepEqual(trial?.connections, {
        requested: 10_000,
        opened: 10_000,
        failed: 0,
        held: 10_000,
        tcpOpened: 100,
      });
      const aside = [arm?.preflight, arm?.calibration, arm?.burnIn, arm?.cutOff];
      const sent = aside.reduce((sum, traffic) => sum + (traffic?.messages.sent ?? 0), 0);
      const { clientSent = 0, clientReceived } = trial?.accounting ?? {};
      assert.ok(clientSent >= 20_000, `${clientSent}`);
      assert.equal(clientReceived, clientSent);
      assert.equal(server.counts.messages, clientSent + sent);
    } finally {
      await server.close();
    }
  });
});
