import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { Secrets } from "#wsrally/base/secrets.js";
import { findFreePorts } from "#wsrally/proxy/free-port.js";
import { planLaunch } from "#wsrally/proxy/instance/launch.js";
import { startInstance } from "#wsrally/proxy/instance/start-instance.js";
import { printNginxConfig } from "#wsrally/proxy/nginx/language/print-nginx-config.js";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import type { NginxInstance } from "#wsrally/proxy/nginx/run/nginx-instance.js";
import { parseNginxSettings } from "#wsrally/proxy/nginx/run/nginx-settings.js";
import { builtInNginxConfig } from "#wsrally/proxy/nginx/run/nginx-template.js";
import { nginxStart } from "#wsrally/proxy/nginx/run/start-nginx.js";
import { echoes, never, withBench } from "../support/proxy-bench.js";

describe("nginx", () => {
  for (const set of [
    { reuseport: "on", worker_processes: "2" },
    { tls: "on", ssl_protocols: "TLSv1.2" },
  ]) {
    it(`carries a WebSocket with ${JSON.stringify(set)}`, async () => {
      await withBench(async ({ nginx }) => {
        const proxy = await nginx(set);
        const running = await proxy.start(never);
        assert.equal(running.endpoint.tls, "tls" in set);
        assert.deepEqual(await echoes(running.endpoint, ["ping", "x".repeat(70_000)]), [
          "ping",
          "x".repeat(70_000),
        ]);
        assert.equal(running.exited(), null);
        await running.stop();
        assert.equal(running.exited(), null);
      });
    });
  }

  it("asks for no more open files than the machine gives, however many the connections", async () => {
    await withBench(async ({ nginx }) => {
      const proxy = await nginx({}, undefined, { connections: 100_000_000 });
      const hard = Number(
        /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1],
      );
      const asked = Number(/worker_rlimit_nofile (\d+);/.exec(proxy.configText ?? "")?.[1]);
      assert.ok(asked >= 1024 && !(asked > hard), `${asked} of ${hard}`);
    });
  });

  it("takes another port when somebody was faster", async () => {
    await withBench(async ({ setting }) => {
      const squatter = createServer();
      squatter.listen(0, "127.0.0.1");
      await once(squatter, "listening");
      const taken = (squatter.address() as AddressInfo).port;
      const program = await findNginx();
      const prefix = await mkdtemp(join(setting.folder, "nginx-"));
      const instance: NginxInstance = {
        ...setting,
        program,
        prefix,
        launch: await planLaunch({
          program: program.path,
          versionArguments: ["-v"],
          prefix,
          isConfined: true,
        }),
        originals: new Map(),
        hasWorkers: true,
        config: printNginxConfig(builtInNginxConfig(parseNginxSettings({}), 10)),
        listenCount: 1,
        configName: "the built-in config",
        secrets: new Secrets(),
      };
      const offers = [[taken], [taken], await findFreePorts(1)];
      const choosePorts = async (): Promise<number[]> => offers.shift() ?? [taken];
      const running = await startInstance(
        instance,
        nginxStart(instance),
        { tls: false, caPem: null, choosePorts },
        never,
      );
      assert.notEqual(running.endpoint.port, taken);
      await running.stop();
      await assert.rejects(
        startInstance(instance, nginxStart(instance), { tls: false, caPem: null, choosePorts }, never),
        (thrown) => thrown instanceof EnvironmentError && /bind\(\) to 127\.0\.0\.1/.test(thrown.message),
      );
      squatter.close();
    });
  });

  it("writes into its private folder alone", async () => {
    await withBench(async ({ setting, nginx }) => {
      const running = await (await nginx({}, "stock/nginx.conf")).start(never);
      await echoes(running.endpoint, ["ping"]);
      await running.stop();
      const [prefix] = readdirSync(setting.folder);
      const names = readdirSync(`${setting.folder}/${prefix}`);
      for (const name of ["access.log", "error.log", "client_body_temp", "cache-0"])
        assert.ok(names.includes(name), name);
    });
  });
});
