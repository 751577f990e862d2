import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { EnvironmentError, UsageError } from "#wsrally/base/errors.js";
import { acceptsTcp } from "#wsrally/proxy/accepts-tcp.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { drivers } from "#wsrally/proxy/drivers.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import type { RunningProxy } from "#wsrally/proxy/proxy.js";
import { withDriver } from "./support/driver-bench.js";
import { echoes, eventually, isAlive, never } from "./support/proxy-bench.js";
import type { Started } from "./support/start-proxy-main.js";

const main = fileURLToPath(new URL("./support/start-proxy-main.js", import.meta.url));
const ownPids = (): number[] => processTree(process.pid).filter((pid) => pid !== process.pid);

/** Of the children that came since. */
function startedSince(before: readonly number[]): number[] {
  return ownPids().filter((pid) => !before.includes(pid));
}

type ErrorKind = typeof EnvironmentError | typeof UsageError | typeof ConfigRefusedError;

function rejectsWith(promise: Promise<unknown>, kind: ErrorKind, words: RegExp): Promise<void> {
  return assert.rejects(promise, (thrown) => {
    assert.ok(thrown instanceof kind, String(thrown));
    assert.match(thrown.message, words);
    return true;
  });
}

for (const driver of Object.values(drivers)) {
  const { kind, title, program } = driver;
  describe(`${title}, with the built-in config`, () => {
    it("is found, or it is said how to get it", async () => {
      await withDriver(driver, async ({ prepare }) => {
        const found = await findProgram(program);
        const { version, build, changes, configText } = await prepare({});
        assert.deepEqual([version, build, changes], [found.version, found.build, []]);
        assert.match(found.version, /^\d+\.\d+/);
        assert.notEqual(found.build, "");
        assert.ok((configText ?? "").length > 0);
        const missing = { ...program, names: ["wsrally-no-such"], variable: "WSRALLY_NO_SUCH" };
        const how = program.pinned === null ? "WSRALLY_NO_SUCH" : `wsrally proxies install ${kind}`;
        await rejectsWith(findProgram(missing), EnvironmentError, new RegExp(`No ${title} found: .*${how}`));
        const named = process.env[program.variable];
        try {
          process.env[program.variable] = "/nowhere/program";
          await rejectsWith(prepare({}), EnvironmentError, /\/nowhere\/program \(from WSRALLY_/);
          process.env[program.variable] = "/bin/echo";
          await rejectsWith(prepare({}), EnvironmentError, new RegExp(`is no ${title}`));
        } finally {
          if (named === undefined) delete process.env[program.variable];
          else process.env[program.variable] = named;
        }
      });
    });

    it("carries messages as soon as it is started, again and again, and leaves nothing behind", async () => {
      await withDriver(driver, async ({ prepare }) => {
        const prepared = await prepare({});
        assert.equal(prepared.tls, false);
        const before = ownPids();
        for (let trial = 0; trial < 2; trial++) {
          const running = await prepared.start(never);
          const started = startedSince(before);
          const long = "x".repeat(70_000);
          assert.deepEqual(await echoes(running.endpoint, ["ping", long]), ["ping", long]);
          assert.equal(running.exited(), null);
          assert.deepEqual([running.diary().deaths, running.diary().reloads], [[], 0]);
          await Promise.all([running.stop(), running.stop()]);
          assert.equal(running.exited(), null, "it was asked to");
          assert.deepEqual(started.filter(isAlive), []);
          const { host, port } = running.endpoint;
          assert.equal(await acceptsTcp(host, port, 1000), false);
        }
      });
    });

    it("runs twice at once, on the port of the user's choice, and says whose port is taken", async () => {
      await withDriver(driver, async ({ prepare }) => {
        const prepared = await Promise.all([prepare({}), prepare({})]);
        const [first, second] = await Promise.all(prepared.map((one) => one.start(never)));
        assert.ok(first !== undefined && second !== undefined);
        const { port } = first.endpoint;
        assert.notEqual(port, second.endpoint.port);
        for (const { endpoint } of [first, second]) assert.deepEqual(await echoes(endpoint, ["a"]), ["a"]);
        await first.stop();
        const again = await prepared[0]?.startAt?.(never, port);
        assert.equal(again?.endpoint.port, port);
        await Promise.all([again?.stop(), second.stop()]);
        const squatter = createServer().listen(0, "127.0.0.1");
        await once(squatter, "listening");
        const taken = (squatter.address() as AddressInfo).port;
        const before = ownPids();
        const late = prepared[0]?.startAt?.(never, taken) ?? assert.fail("it cannot be started again");
        await rejectsWith(late, EnvironmentError, new RegExp(`Cannot start ${title} .*${taken}`));
        assert.deepEqual(startedSince(before), []);
        squatter.close();
      });
    });

    it("echoes over TLS", async () => {
      await withDriver(driver, async ({ prepare }) => {
        const prepared = await prepare({ tls: "on" });
        assert.equal(prepared.tls, true);
        const running = await prepared.start(never);
        const { tls, caPem } = running.endpoint;
        assert.ok(tls && caPem !== null);
        assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
        await running.stop();
      });
    });

    it("takes settings by their names, and leaves their values to the program to judge", async () => {
      await withDriver(driver, async ({ prepare, fixture: { accepted, mistyped, badValue } }) => {
        const plain = await prepare({});
        const changed = await prepare(accepted.set);
        assert.match(changed.configText ?? "", accepted.shows);
        assert.notEqual(changed.configSha256, plain.configSha256);
        assert.equal((await prepare({})).configSha256, plain.configSha256, "whatever its ports");
        for (const name of Object.keys(accepted.set)) assert.ok(driver.settings.names.includes(name));
        const { name, meant } = mistyped;
        const wrong = new RegExp(`Cannot set ${name}.*Did you mean ${meant}\\?`);
        assert.throws(() => driver.settings.check({ [name]: "1" }), { name: "UsageError", message: wrong });
        await rejectsWith(prepare({ [name]: "1" }), UsageError, wrong);
        await rejectsWith(prepare(badValue.set), ConfigRefusedError, /refuses the built-in config:/);
        await rejectsWith(prepare(badValue.set), ConfigRefusedError, badValue.words);
      });
    });

    it("tells in its log that nobody is behind it", async () => {
      await withDriver(driver, async ({ prepare }) => {
        const running = await (await prepare({}, { backend: { host: "127.0.0.1", port: 1 } })).start(never);
        await assert.rejects(echoes(running.endpoint, ["ping"]), /50[23]/);
        const causes = (): unknown[] => running.diary().entries.map(({ cause }) => cause);
        assert.ok(await eventually(() => causes().includes("upstream-refused")), running.log().join("\n"));
        assert.ok(running.log().length > 0);
        await running.stop();
      });
    });

    it("tells that it was killed, and its workers too, and is cleared away all the same", async () => {
      await withDriver(driver, async ({ prepare }) => {
        const prepared = await prepare({});
        const before = ownPids();
        const first = await prepared.start(never);
        const [master = 0, ...workers] = startedSince(before);
        const worker = workers.at(-1);
        if (worker !== undefined) {
          process.kill(worker, "SIGKILL");
          const deaths = (): string => first.diary().deaths.join("\n");
          assert.ok(await eventually(() => deaths() !== ""), first.log().join("\n"));
          assert.match(deaths(), new RegExp(`${worker}|worker`));
          await first.stop();
          assert.deepEqual(startedSince(before), []);
          return killMain(await prepared.start(never), before);
        }
        assert.ok(master > 0);
        await killMain(first, before);
      });
    });

    it("is not started by a signal that has fired, and ended by one that fires meanwhile", async () => {
      await withDriver(driver, async ({ prepare }) => {
        const prepared = await prepare({});
        const before = ownPids();
        await assert.rejects(prepared.start(AbortSignal.abort(new Error("enough"))), /enough/);
        assert.deepEqual(startedSince(before), []);
        const controller = new AbortController();
        const starting = prepared.start(controller.signal);
        setImmediate(() => controller.abort(new Error("enough")));
        // It may have come up just before: then it is ours to stop.
        await starting.then(
          (running) => running.stop(),
          (thrown) => assert.match(String(thrown), /enough/),
        );
        assert.deepEqual(startedSince(before), []);
      });
    });

    it("ends with the guard, when nobody has stopped it", async () => {
      const before = ownPids();
      let started: number[] = [];
      await withDriver(driver, async ({ prepare }) => {
        await (await prepare({})).start(never);
        started = startedSince(before);
        assert.ok(started.length >= 2, "the proxy and the watching shell");
      });
      assert.ok(await eventually(() => !started.some(isAlive)));
    });
  });
}

/** The main process, whose end nobody has asked for. */
async function killMain(running: RunningProxy, before: readonly number[]): Promise<void> {
  const started = startedSince(before);
  const [first = 0] = running.usage().processes.map(({ pid }) => pid);
  assert.ok(started.includes(first));
  process.kill(first, "SIGKILL");
  assert.ok(await eventually(() => running.exited() !== null));
  assert.equal(running.exited()?.signal, "SIGKILL");
  await running.stop();
  assert.deepEqual(started.filter(isAlive), []);
}

describe("wsrally, killed outright", () => {
  it("leaves no proxy and no file behind", async () => {
    const kinds = [...Object.keys(drivers), "embedded"];
    const parent = spawn(process.execPath, [main, ...kinds], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(parent.stdout, "data");
    const all = JSON.parse(String(line)) as readonly Started[];
    assert.deepEqual(
      all.map(({ kind }) => kind),
      kinds,
    );
    for (const { kind, started } of all) {
      assert.ok(started.length >= 2, `${kind}: the proxy and the watching shell`);
      assert.ok(started.every(isAlive), kind);
    }
    parent.kill("SIGKILL");
    await once(parent, "exit");
    for (const { kind, started, folder } of all) {
      const left = (): number[] => started.filter(isAlive);
      assert.ok(await eventually(() => left().length === 0), `${kind}: still alive: ${left()}`);
      assert.ok(await eventually(() => !existsSync(folder)), `${kind}: left: ${folder}`);
      // What listens on a Unix socket is known by its path.
      assert.equal(readFileSync("/proc/net/unix", "utf8").includes(folder), false);
    }
  });
});
