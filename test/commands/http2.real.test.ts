/** `--http 2` through a real proxy: HAProxy, which takes WebSockets over HTTP/2 as it is, and passes them on so. */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { linuxOnly } from "../linux/support/linux-only.js";
import { runCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

const scenario = `arms: [{ arm: haproxy, set: { tls: on, server proto: h2 } }]
matrix: { http: [1, 2] }
workload: { connections: 12, streams: 5, rate: 400, duration: 0.2, warmup: 0, blocks: 1, resume: false }
`;

describe("a scenario over HTTP/1.1 and HTTP/2", linuxOnly, () => {
  it("tells both apart, counts at both ends, and has as many TCP connections as streams ask for", async () => {
    await withFolder(async (folder) => {
      chmodSync(folder, 0o755);
      writeFileSync(join(folder, "both.yaml"), scenario);
      const { code, stdout, stderr } = await runCli(["run", "both.yaml", "--json"], {
        cwd: folder,
        env: { TMPDIR: folder, HOME: process.env.HOME ?? folder },
      });
      assert.equal(code, 0, stderr);
      const { arms, scenario: ran } = JSON.parse(stdout) as RunDocument;
      assert.deepEqual(
        ran.pairs.map(({ candidate }) => candidate),
        ["haproxy-tls-on-server-proto-h2.http-2"],
      );
      const told = arms.map(({ name, http = 1, trials: [trial] }) => {
        const { clientSent = -1, ...counts } = trial?.accounting ?? {};
        const { clientReceived, backendReceived, backendSent } = counts as Record<string, unknown>;
        assert.deepEqual(trial?.failures, []);
        assert.ok(clientSent > 0);
        assert.deepEqual([backendReceived, backendSent, clientReceived], Array(3).fill(clientSent), name);
        const handshakes = trial?.tls?.reduce((sum, { connections }) => sum + connections, 0);
        return [http, trial?.connections.opened, trial?.connections.tcpOpened, handshakes];
      });
      assert.deepEqual(told, [
        [1, 12, undefined, 12],
        [2, 12, 3, 3],
      ]);
    });
  });
});
