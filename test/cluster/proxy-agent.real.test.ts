/**
 * A proxy on an agent's host, its config come from here.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runCli } from "../support/run-cli.js";
import { withCluster } from "../support/with-cluster.js";

describe("a run whose proxies are an agent's, with no other agent", () => {
  it("compares two configs with all that they name, as it would here", async () => {
    await withCluster(["proxy"], async (cluster) => {
      const file = cluster.file("site.conf");
      const log = "log_format none ''; include mime.types; include parts/*.conf;";
      writeFileSync(file, `events {}\nhttp { ${log} }\n`);
      mkdirSync(cluster.file("parts"));
      const pass = "proxy_pass http://127.0.0.1:9; proxy_http_version 1.1;";
      const upgrade = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
      writeFileSync(
        cluster.file("parts/app.conf"),
        `server { listen 80; location /sock { ${pass} ${upgrade} } }\n`,
      );
      const load = ["--connections", "8", "--rate", "800", "--duration", "0.3", "--blocks", "1"];
      const out = ["--out", cluster.file("results"), "--json"];
      const words = ["compare", `nginx:${file}`, "haproxy", ...load, ...cluster.flags, ...out];
      const { code, stdout, stderr } = await runCli(words);
      assert.equal(code, 0, stderr);
      const { environment, arms } = JSON.parse(stdout) as RunDocument;
      const [agent] = environment.agents ?? [];
      assert.deepEqual([agent?.name, agent?.role], ["proxy-1", "proxy"]);
      for (const { proxy, trials } of arms) {
        const { clientSent, backendReceived, backendSent, clientReceived } = trials[0]?.accounting ?? {};
        assert.ok((clientSent ?? 0) >= 240);
        assert.deepEqual(
          [backendReceived, backendSent, clientReceived],
          [clientSent, clientSent, clientSent],
        );
        assert.ok((trials[0]?.proxyCost?.cpuUsPerMessage ?? 0) > 0, proxy.kind);
        assert.ok((trials[0]?.latencyUs.uplink?.count ?? 0) > 0, proxy.kind);
      }
      const changes = arms[0]?.proxy.changes ?? [];
      assert.ok(
        changes.some((change) => change.includes("parts/app.conf:1")),
        changes.join("\n"),
      );
    });
  });

  it("rolls one out, with its old workers watched where they are, and explains the cut by the config's own line", async () => {
    await withCluster(["proxy"], async (cluster) => {
      const file = cluster.file("site.conf");
      const pass = "proxy_pass http://127.0.0.1:9; proxy_http_version 1.1;";
      const upgrade = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
      writeFileSync(
        file,
        `worker_shutdown_timeout 1500ms;\nevents {}\nhttp { server { listen 80; location /sock { ${pass} ${upgrade} } } }\n`,
      );
      const load = ["--connections", "20", "--rate", "200", "--before", "500ms"];
      const words = ["rollout", `nginx:${file}`, "--event", "reload", ...load, ...cluster.flags];
      const { code, stdout, stderr } = await runCli([...words, "--out", cluster.file("results"), "--json"]);
      assert.equal(code, 0, stderr);
      const { rollouts = [], environment } = JSON.parse(stdout) as RunDocument;
      assert.deepEqual(
        environment.agents?.map(({ name }) => name),
        ["proxy-1"],
      );
      const [{ lost, lostMs, reconnects, proxy, explanation } = assert.fail("no bill")] = rollouts;
      assert.deepEqual([lost.count, reconnects.notBack, proxy.oldProcessesLeft], [20, 0, 0]);
      // Later than an event is waited for where nobody may still be cut.
      assert.ok((lostMs?.first ?? 0) >= 1400, String(lostMs?.first));
      assert.match(explanation?.cause ?? "", /worker_shutdown_timeout/);
    });
  });
});
