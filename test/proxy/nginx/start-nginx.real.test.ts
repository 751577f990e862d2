import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { Secrets } from "#wsrally/base/secrets.js";
import { acceptsTcp } from "#wsrally/proxy/accepts-tcp.js";
import { findFreePorts } from "#wsrally/proxy/free-port.js";
import { planLaunch } from "#wsrally/proxy/instance/launch.js";
import { printNginxConfig } from "#wsrally/proxy/nginx/language/print-nginx-config.js";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import type { NginxInstance } from "#wsrally/proxy/nginx/run/nginx-instance.js";
import { parseNginxSettings } from "#wsrally/proxy/nginx/run/nginx-settings.js";
import { builtInNginxConfig } from "#wsrally/proxy/nginx/run/nginx-template.js";
import { startNginx } from "#wsrally/proxy/nginx/run/start-nginx.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import { echoes, eventually, isAlive, never, withBench } from "../support/proxy-bench.js";

const ownPids = (): number[] => processTree(process.pid).filter((pid) => pid !== process.pid);

describe("startNginx()", () => {
  for (const set of [
    {},
    { reuseport: "on", worker_processes: "2" },
    { tls: "on" },
    { tls: "on", ssl_protocols: "TLSv1.2" },
  ]) {
    it(`carries a WebSocket with ${JSON.stringify(set)}`, async () => {
      await withBench(async ({ nginx }) => {
        const proxy = await nginx(set);
        assert.match(proxy.version ?? "", /^\d+\.\d+/);
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

  it("leaves no process and no listener after stop(), which may be called twice", async () => {
    await withBench(async ({ nginx }) => {
      const proxy = await nginx({ worker_processes: "2" });
      const before = ownPids();
      const running = await proxy.start(never);
      const started = ownPids().filter((pid) => !before.includes(pid));
      assert.ok(started.length >= 2, "a master and its workers");
      await Promise.all([running.stop(), running.stop()]);
      assert.deepEqual(started.filter(isAlive), []);
      assert.equal(await acceptsTcp(running.endpoint.host, running.endpoint.port, 1000), false);
    });
  });

  it("ends with the guard, when nobody has stopped it", async () => {
    const before = ownPids();
    let started: number[] = [];
    await withBench(async ({ nginx }) => {
      await (await nginx()).start(never);
      started = ownPids().filter((pid) => !before.includes(pid));
      assert.ok(started.length >= 2, "a master and its worker");
    });
    assert.ok(await eventually(() => !started.some(isAlive)));
  });

  it("starts again and again from one preparation", async () => {
    await withBench(async ({ nginx }) => {
      const proxy = await nginx();
      for (let trial = 0; trial < 3; trial++) {
        const running = await proxy.start(never);
        assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
        assert.deepEqual(running.log(), []);
        await running.stop();
      }
    });
  });

  it("runs several instances of one preparation's kind side by side", async () => {
    await withBench(async ({ nginx }) => {
      const running = await Promise.all([await nginx(), await nginx()].map((proxy) => proxy.start(never)));
      assert.equal(new Set(running.map(({ endpoint }) => endpoint.port)).size, 2);
      for (const { endpoint } of running) assert.deepEqual(await echoes(endpoint, ["ping"]), ["ping"]);
      await Promise.all(running.map((proxy) => proxy.stop()));
    });
  });

  it("tells when nginx ended without being asked to, and still ends its workers", async () => {
    await withBench(async ({ nginx }) => {
      const before = ownPids();
      const running = await (await nginx()).start(never);
      const tree = ownPids().filter((pid) => !before.includes(pid));
      const [master] = tree;
      assert.ok(master !== undefined);
      process.kill(master, "SIGKILL");
      assert.ok(await eventually(() => running.exited() !== null));
      assert.equal(running.exited()?.signal, "SIGKILL");
      await running.stop();
      assert.deepEqual(tree.filter(isAlive), []);
    });
  });

  it("gives nginx's own words when the backend is not there", async () => {
    await withBench(async ({ setting }) => {
      const nowhere = { ...setting, backend: { host: "127.0.0.1", port: 1 } };
      const proxy = await prepareProxy(
        { kind: "proxy", proxy: "nginx", configFile: null },
        {},
        nowhere,
        never,
      );
      const running = await proxy.start(never);
      await assert.rejects(echoes(running.endpoint, ["ping"]), /502/);
      assert.match(running.log().join("\n"), /connect\(\) failed .*111|connect\(\) failed .*61/);
      await running.stop();
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
        copies: new Map(),
        hasWorkers: true,
        config: printNginxConfig(builtInNginxConfig(parseNginxSettings({}), 10)),
        listenCount: 1,
        configName: "the built-in config",
        secrets: new Secrets(),
      };
      const offers = [[taken], [taken], await findFreePorts(1)];
      const choosePorts = async (): Promise<number[]> => offers.shift() ?? [taken];
      const running = await startNginx(instance, { tls: false, caPem: null, choosePorts }, never);
      assert.notEqual(running.endpoint.port, taken);
      await running.stop();
      await assert.rejects(
        startNginx(instance, { tls: false, caPem: null, choosePorts }, never),
        (thrown) => thrown instanceof EnvironmentError && /bind\(\) to 127\.0\.0\.1/.test(thrown.message),
      );
      squatter.close();
    });
  });

  it("is not started by a signal that has fired", async () => {
    await withBench(async ({ nginx }) => {
      const proxy = await nginx();
      const before = ownPids();
      await assert.rejects(proxy.start(AbortSignal.abort(new Error("enough"))), /enough/);
      assert.deepEqual(ownPids(), before);
    });
  });

  it("is ended by a signal that fires while it starts", async () => {
    await withBench(async ({ nginx }) => {
      const proxy = await nginx();
      const before = ownPids();
      const controller = new AbortController();
      const starting = proxy.start(controller.signal);
      setImmediate(() => controller.abort(new Error("enough")));
      // It may have come up just before: then it is ours to stop.
      await starting.then(
        (running) => running.stop(),
        (thrown) => assert.match(String(thrown), /enough/),
      );
      assert.deepEqual(ownPids(), before);
    });
  });

  for (const kind of ["nginx", "embedded"]) {
    it(`leaves no ${kind} behind when wsrally is killed outright`, async () => {
      const program = fileURLToPath(new URL("./start-nginx-main.js", import.meta.url));
      const parent = spawn(process.execPath, [program, kind], { stdio: ["ignore", "pipe", "inherit"] });
      const [line] = await once(parent.stdout, "data");
      const { started, folder } = JSON.parse(String(line)) as { started: number[]; folder: string };
      assert.ok(started.length >= 2, "the proxy and the watching shell");
      assert.ok(started.every(isAlive));
      parent.kill("SIGKILL");
      await once(parent, "exit");
      assert.ok(await eventually(() => !started.some(isAlive)), `still alive: ${started.filter(isAlive)}`);
      assert.ok(await eventually(() => !existsSync(folder)), `left: ${folder}`);
    });
  }

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
