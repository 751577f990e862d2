/**
 * Caddy as an arm: the commands that measure, by the built program, with a real Caddy.
 */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { awaitNoProcesses } from "../support/leftovers.js";
import { runCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

const small = ["--connections", "20", "--rate", "500", "--duration", "0.3", "--warmup", "0"];

const config = `{
	email a@b.test
}
example.com {
	root * /srv/www
	@ws header Upgrade websocket
	reverse_proxy @ws https://app.internal:9000
	basic_auth /admin/* {
		bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	file_server
}
`;

describe("caddy as an arm", () => {
  it("is compared with itself over TLS by the user's own config, with every change listed", async () => {
    await withFolder(async (folder) => {
      // Whom root becomes has to come through.
      chmodSync(folder, 0o755);
      writeFileSync(join(folder, "Caddyfile"), config);
      const { code, stdout, stderr } = await runCli(
        ["compare", "caddy", "caddy:Caddyfile", "--blocks", "2", ...small, "--json"],
        { cwd: folder, env: { TMPDIR: folder, HOME: process.env.HOME ?? folder } },
      );
      assert.equal(code, 0, stderr);
      const { arms } = JSON.parse(stdout) as RunDocument;
      for (const { name, trials } of arms) {
        for (const { accounting, failures } of trials) {
          assert.deepEqual(failures, [], name);
          assert.ok(accounting.clientSent > 0);
          assert.equal(accounting.clientReceived, accounting.clientSent, name);
          assert.equal(accounting.backendReceived, accounting.clientSent, name);
        }
        // Of a window whose readings came late there is no cost: beside other tests that may be one of them.
        const isCosted = trials.some(({ proxyCost }) => (proxyCost?.cpuUsPerMessage ?? 0) > 0);
        assert.equal(isCosted, process.platform === "linux", name);
      }
      const changes = arms[1]?.proxy.changes.join("\n") ?? "";
      assert.match(changes, /email was left out.*Caddyfile:2/);
      assert.match(changes, /`example\.com` is a free port of 127\.0\.0\.1 instead \(Caddyfile:4\)/);
      assert.match(changes, /`https:\/\/app\.internal:9000` is wsrally's backend instead \(Caddyfile:7\)/);
      assert.match(changes, /basic_auth was left out.*Caddyfile:8/);
      assert.match(changes, /Files are looked for in a folder of the copy's own.*Caddyfile:5/);
      assert.doesNotMatch(stdout, /Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmp/);
      assert.deepEqual(await awaitNoProcesses(folder), []);
    });
  });
});
