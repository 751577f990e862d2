/**
 * Caddy as root would put an authority into the machine's trust store for one line of a config: it is never root.
 */
import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { caddyDriver } from "#wsrally/proxy/caddy/driver.js";
import { withFolder } from "../../support/with-folder.js";
import { never, withUpgrades } from "../support/upgrade-bench.js";

const isRoot = process.getuid?.() === 0;

describe("Caddy, where wsrally is root", {
  skip: isRoot ? false : "only root is more than anybody else",
}, () => {
  it("runs as somebody else, and keeps what it keeps below the private folder", async () => {
    await withUpgrades(caddyDriver, async ({ prepare }) => {
      const running = await (await prepare({ kind: "built-in", set: { tls: "on" } })).start(never);
      const [pid] = running.usage().processes.map((one) => one.pid);
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      assert.match(status, /^Uid:\s+65534\s+65534\s+65534/m);
      assert.match(status, /^NoNewPrivs:\s+1$/m);
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      const home = environment.find((one) => one.startsWith("HOME=")) ?? "";
      assert.match(home, /\/wsrally-\w+\/caddy-\w+\/home$/);
      await running.stop();
    });
  });

  it("does not run at all where nobody else may come to its folder", async () => {
    await withFolder(async (folder) => {
      chmodSync(folder, 0o700);
      await withUpgrades(caddyDriver, async ({ prepare }) => {
        await assert.rejects(
          prepare({ kind: "built-in", set: {} }, { folder }),
          (thrown) =>
            thrown instanceof EnvironmentError && /Cannot run Caddy as root: .*setpriv/.test(thrown.message),
        );
      });
    });
  });
});
