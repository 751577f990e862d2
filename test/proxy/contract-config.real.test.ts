import assert from "node:assert/strict";
import {
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { drivers } from "#wsrally/proxy/drivers.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import type { PreparedProxy, RunningProxy } from "#wsrally/proxy/proxy.js";
import { upstreamHost } from "./support/contract-fixture.js";
import { closeOf, markOf, openSocket, withDriver } from "./support/driver-bench.js";
import { echoes, eventually, isAlive, never } from "./support/proxy-bench.js";

/** Line, from 1, that a text stands in. */
function lineOf(text: string, words: string): number {
  return text.split("\n").findIndex((line) => line.includes(words)) + 1;
}

/** Changes the config that the proxy runs with, behind the driver's back. */
function rewrite(folder: string, from: string, to: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    // A program may be at its own files meanwhile, and what it has logged of its config is none.
    .filter(
      (file) => !file.endsWith(".log") && existsSync(file) && readFileSync(file, "latin1").includes(from),
    );
  assert.equal(files.length, 1, `${from} stands in ${files}`);
  for (const file of files) replaceAtOnce(file, readFileSync(file, "latin1").replaceAll(from, to));
}

/** Some proxies read their files as they change: one that was half written would be a config too. */
function replaceAtOnce(file: string, text: string): void {
  const { mode, uid, gid } = statSync(file);
  const fresh = `${file}.fresh`;
  writeFileSync(fresh, text, { encoding: "latin1", mode });
  chownSync(fresh, uid, gid);
  renameSync(fresh, file);
}

/** Of all threads of all processes, by the kernel's accounts of each. */
function threadsOf(running: RunningProxy): { count: number; cpuNs: number } {
  const threads = running.usage().processes.flatMap(({ pid }) => {
    return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`);
  });
  const cpuNs = threads.reduce((sum, file) => sum + Number(readFileSync(file, "utf8").split(" ")[0]), 0);
  return { count: threads.length, cpuNs };
}

/** Opens WebSockets one by one until one is not let in, or so many are. */
async function fillUp({ endpoint }: RunningProxy, most: number): Promise<number> {
  for (let opened = 0; opened < most; opened++) {
    const socket = await openSocket(endpoint, 400).catch(() => null);
    if (socket === null) return opened;
  }
  return most;
}

/** Those that a driver has for configs of users; each is told which of them it has. */
const readers = Object.values(drivers).flatMap((driver) =>
  driver.configs === null ? [] : [{ driver, configs: driver.configs }],
);

for (const { driver, configs } of readers) {
  const { kind, title } = driver;
  describe(`${kind}:FILE`, () => {
    it("is adopted with its changes listed, and without its secrets", async () => {
      await withDriver(driver, async ({ prepare, fixture, file }) => {
        const secret = "correct-horse-battery";
        const text = fixture.config({ secret });
        const prepared = await prepare(text);
        assert.deepEqual(
          prepared.upstreams.map(({ address }) => address),
          [`${upstreamHost}:9000`],
        );
        assert.match(prepared.upstreams[0]?.origin ?? "", new RegExp(`:${lineOf(text, upstreamHost)}$`));
        for (const [what, line] of [
          ["8443", lineOf(text, "8443")],
          [upstreamHost, lineOf(text, upstreamHost)],
        ] as const) {
          const change = prepared.changes.find((one) => one.includes(what)) ?? "";
          assert.match(change, new RegExp(`${basename(file)}:${line}\\b`), prepared.changes.join("\n"));
        }
        const told = [prepared.configText, ...prepared.changes, configs.mask(text)].join("\n");
        assert.doesNotMatch(told, new RegExp(secret));
        assert.equal(configs.mask(text).split("\n").length, text.split("\n").length);
        assert.equal(configs.mask(fixture.config()).includes(upstreamHost), true, "what is no secret stays");
        assert.deepEqual(
          [...(await configs.namedFiles(file, { folders: [] })).configs.keys()],
          [basename(file)],
        );
        const running = await prepared.start(never);
        assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"]);
        await running.stop();
        assert.doesNotMatch(running.log().join("\n"), new RegExp(secret));
        const again = await prepare(text, { connections: 1000 });
        assert.equal(again.configSha256, prepared.configSha256, "whatever its ports, folder and load");
      });
    });

    it(`is refused in ${title}'s own words, with its user's file and line`, async () => {
      await withDriver(driver, async ({ prepare, fixture, file }) => {
        const { line, words } = fixture.brokenLine;
        const text = fixture.config({ routeLine: line, secret: "correct-horse-battery" });
        await assert.rejects(prepare(text), (thrown) => {
          assert.ok(thrown instanceof ConfigRefusedError, String(thrown));
          assert.match(thrown.message, words);
          assert.ok(thrown.message.includes(`${file}:${lineOf(text, line)}`), thrown.message);
          assert.doesNotMatch(thrown.message, /correct-horse|wsrally-\w+\/|kept-/);
          return true;
        });
        await assert.rejects(prepare("", { source: { kind: "file", file: `${file}.none` } }), /none/);
      });
    });

    it("is reloaded: the new config serves, and open WebSockets stay until they end, or are closed where it says so", async () => {
      await withDriver(driver, async ({ prepare, privateFolder, fixture }) => {
        const prepared = await prepare(fixture.config({ mark: "before-it" }));
        if (fixture.isFixed) return assert.equal(prepared.facts?.shutdownS.value, null);
        const isKept = fixture.closesAtReload !== true;
        assert.equal(prepared.facts?.shutdownS.value, isKept ? null : 0);
        const running = await prepared.start(never);
        const { endpoint } = running;
        assert.equal(await markOf(endpoint), "before-it");
        const socket = await openSocket(endpoint);
        const closed = closeOf(socket);
        const old = running.usage().processes.map(({ pid }) => pid);
        rewrite(privateFolder, "before-it", "after-it");
        await running.reload?.();
        // The old one may accept for a moment more.
        while ((await markOf(endpoint)) !== "after-it") await sleep(10);
        const reread = (): number => running.diary().reloads;
        assert.ok(await eventually(() => reread() === 1), `${reread()} reloads`);
        const both = running.usage().processes.map(({ pid }) => pid);
        assert.ok(old.every((pid) => both.includes(pid)));
        if (isKept) {
          if (!fixture.reloadsInPlace) assert.ok(both.length > old.length, "the old one is counted");
          const replies: string[] = [];
          socket.on("message", (data) => replies.push(String(data)));
          socket.send("still there?");
          assert.ok(await eventually(() => replies.length === 1));
          socket.terminate();
        } else assert.equal(await closed, 1001);
        assert.ok(await eventually(() => running.usage().processes.length === old.length));
        rewrite(privateFolder, "after-it", "\n}broken");
        for (let times = 0; times < 2; times++)
          await assert.rejects(running.reload?.() ?? assert.fail(), refusesConfig);
        assert.equal(await markOf(endpoint), "after-it", "a broken config changes nothing");
        await running.stop();
        assert.deepEqual(both.filter(isAlive), []);
      });
    });

    it("cuts WebSockets after a reload, and quiet ones, when its facts say so", async () => {
      await withDriver(driver, async (bench) => {
        const { prepare, fixture } = bench;
        const prepared = await prepare(fixture.config({ idleS: 1, shutdownS: 1 }));
        const { idleS: idle, shutdownS: shutdown } = prepared.facts ?? {};
        if (fixture.isEndless) return assert.deepEqual([idle?.value, shutdown?.value], [null, null]);
        const isNeverCut = fixture.isFixed ?? fixture.keepsAtReload ?? false;
        assert.deepEqual([idle?.value, shutdown?.value], [1, isNeverCut ? null : 1]);
        const running = await prepared.start(never);
        const quiet = await openSocket(running.endpoint);
        const startedMs = performance.now();
        await closeOf(quiet);
        const idleS = (performance.now() - startedMs) / 1000;
        // Not before its time; how much after it is the machine's to say.
        assert.ok(idleS > 0.9 && idleS < 5, `${idleS} s`);
        if (isNeverCut) return running.stop();
        const busy = await openSocket(running.endpoint);
        const talk = setInterval(() => busy.send("x"), 100);
        await running.reload?.();
        await closeOf(busy);
        clearInterval(talk);
        await running.stop();
      });
    });

    it("has the room, and the processes and threads, that its facts tell", async () => {
      await withDriver(driver, async ({ prepare, fixture }) => {
        if (fixture.isUnsized) return compareUsage(await prepare(fixture.config()));
        const prepared = await prepare(fixture.config({ isCramped: true, workers: 2 }));
        if (!fixture.countsNoWorkers) assert.equal(prepared.facts?.workers, fixture.isFixed ? 1 : 2);
        const one = await prepare(fixture.config({ isCramped: true }));
        const room = one.facts?.room?.value ?? assert.fail("it does not say for how many it has room");
        const limit = one.limits(unlimited).find(({ foretold }) => foretold === room);
        assert.ok(limit !== undefined, "and what sets it is among its limits");
        const running = await one.start(never);
        const opened = await Promise.all(Array.from({ length: room }, () => openSocket(running.endpoint)));
        assert.equal(opened.length, room);
        const further = await fillUp(running, room);
        assert.ok(further <= 1 + room / 4, `${further} more than the ${room} that it has room for`);
        for (const socket of opened) socket.terminate();
        await running.stop();
        await compareUsage(prepared);
      });
    });

    const { read } = configs;
    for (const variant of configs.canVary) {
      it(`can be asked to be sooner with ${variant}${variant === "idle" ? ", and its log tells of it" : ""}`, async () => {
        await withDriver(driver, async ({ prepare, fixture }) => {
          const asked = { variant: { kind: variant, seconds: 0.5 }, path: "/sock" };
          const running = await (await prepare(fixture.config(), asked)).start(never);
          const socket = await openSocket(running.endpoint);
          if (variant === "shutdown") await running.reload?.();
          await closeOf(socket);
          const causes = (): unknown[] => running.diary().entries.map((entry) => entry.cause);
          const isTold = (): boolean => variant !== "idle" || causes().includes("idle-timeout");
          assert.ok(await eventually(isTold), running.log().join("\n"));
          await running.stop();
        });
      });
    }
    it("says the same of itself before it is started", async () => {
      await withDriver(driver, async ({ prepare, fixture, file }) => {
        const prepared = await prepare(fixture.config({ idleS: 7 }));
        const program = await findProgram(driver.program);
        const question = { path: "/sock", serverName: null, confinedTo: null, found: () => undefined };
        const written = read(file, { ...question, program });
        assert.deepEqual(
          [written.facts.idleS.value, written.facts.room?.value, written.upstreams[0]?.address],
          [fixture.isEndless ? null : 7, prepared.facts?.room?.value, `${upstreamHost}:9000`],
        );
        if (fixture.isEndless) return;
        assert.deepEqual(written.facts.idleS.quote.place?.line, lineOf(fixture.config({ idleS: 7 }), "7s"));
      });
    });
  });
}

const refusesConfig = (thrown: unknown): boolean =>
  thrown instanceof EnvironmentError && /refuses its config at the reload: \S/.test(thrown.message);

const unlimited = { maxOpenFiles: null, ephemeralPorts: null, listenBacklog: null, availableBytes: null };

/** What the driver counts against what the kernel says of every thread. */
async function compareUsage(prepared: PreparedProxy): Promise<void> {
  const running = await prepared.start(never);
  const texts = Array.from({ length: 300 }, () => "x".repeat(2000));
  await Promise.all([1, 2, 3, 4].map(() => echoes(running.endpoint, texts)));
  await sleep(50);
  const { count, cpuNs } = threadsOf(running);
  assert.ok(count >= 2, `${count} threads`);
  const counted = running.usage().cpuNs ?? 0;
  assert.ok(Math.abs(counted - cpuNs) < 0.02 * cpuNs + 1e6, `${counted} ns counted of ${cpuNs}`);
  assert.ok(counted > 0);
  await running.stop();
}
