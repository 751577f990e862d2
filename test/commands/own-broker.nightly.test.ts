/** MQTT against a broker that PyPI has: fetching it takes longer than the rest. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("a load on an MQTT broker", () => {
  it("has each message back by its subscription", async () => {
    await withFolder(async (folder) => {
      const packages = join(folder, "packages");
      execFileSync("python3", ["-m", "pip", "install", "-q", "--target", packages, "amqtt==0.11.3"], {
        stdio: ["ignore", "inherit", "inherit"],
      });
      const port = await freePort();
      const broker = spawn("python3", [join("test", "own-backends", "mqtt.py"), String(port)], {
        env: { ...process.env, PYTHONPATH: packages },
        stdio: ["pipe", "pipe", "inherit"],
      });
      try {
        await once(broker.stdout, "data");
        const words = [
          "run",
          `ws://127.0.0.1:${port}/`,
          "--preset",
          "mqtt",
          "--connections",
          "20",
          "--rate",
          "200",
        ];
        const { code, stdout, stderr } = await runHere([
          ...words,
          "--blocks",
          "1",
          "--json",
          "--out",
          folder,
        ]);
        assert.equal(code, 0, stderr);
        const document: RunDocument = JSON.parse(stdout);
        const [trial] = document.arms[0]?.trials ?? [];
        assert.ok(trial !== undefined && trial.accounting.clientSent > 100);
        assert.equal(trial.accounting.clientReceived, trial.accounting.clientSent);
        assert.deepEqual(trial.failures, []);
      } finally {
        broker.kill("SIGKILL");
      }
    });
  });
});
