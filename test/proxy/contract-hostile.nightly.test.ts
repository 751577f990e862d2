import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { UserFacingError } from "#wsrally/base/errors.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { drivers } from "#wsrally/proxy/drivers.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import { withFolder } from "../support/with-folder.js";
import type { Decoys } from "./support/contract-fixture.js";
import { bodyOf, type DriverBench, openSocket, withDriver } from "./support/driver-bench.js";
import { echoes, isAlive, never } from "./support/proxy-bench.js";

const secret = "8d1f0c-nobody-is-to-see-this";
const variable = "WSRALLY_CONTRACT_DECOY";

interface Watch {
  readonly decoys: Decoys;
  /** What has been touched since the last look, in words. */
  touched(): string[];
  close(): void;
}

/** A file's access time is the kernel's to set, at the first read after it was made older than the last write. */
function age(file: string): void {
  utimesSync(file, 0, 1);
}

/** Lays the decoys out, in a folder beside the one that the config may be read from. */
async function layOut(folder: string): Promise<Watch> {
  const [file, program, ran] = ["decoy.txt", "decoy.sh", "ran"].map((name) => join(folder, name));
  assert.ok(file !== undefined && program !== undefined && ran !== undefined);
  writeFileSync(file, `${secret}\n`);
  writeFileSync(program, `#!/bin/sh\ntouch ${ran}\n`);
  // Whoever the proxy runs as may get at them.
  for (const one of [folder, program, file]) chmodSync(one, 0o777);
  let reached: string[] = [];
  const server: Server = createServer((socket: Socket) => {
    reached.push("a connection");
    socket.on("error", () => undefined).destroy();
  }).listen(0, "127.0.0.1");
  const datagrams = createSocket("udp4").on("message", () => reached.push("a datagram"));
  datagrams.bind(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), once(datagrams, "listening")]);
  const before = readdirSync(folder).sort().join();
  const read = (one: string): boolean => statSync(one).atimeMs !== 0;
  age(file);
  const text = readFileSync(file, "utf8");
  // Some file systems keep no such times; that the text is told nowhere is looked at as well.
  const showsReads = read(file);
  for (const one of [file, program]) age(one);
  return {
    decoys: {
      ...{ folder, file, program, variable, host: "127.0.0.1" },
      tcpPort: (server.address() as AddressInfo).port,
      udpPort: datagrams.address().port,
    },
    touched() {
      const seen = [
        ...reached,
        ...[file, program].filter((one) => showsReads && read(one)).map((one) => `${one} was read`),
        ...(existsSync(ran) ? ["the program ran"] : []),
        ...(readdirSync(folder).sort().join() === before ? [] : [`the folder has ${readdirSync(folder)}`]),
      ];
      reached = [];
      if (readFileSync(file, "utf8") !== text) seen.push("the file was written");
      for (const one of [file, program]) age(one);
      return seen;
    },
    close() {
      server.close();
      datagrams.close();
    },
  };
}

/** All that a stranger may get to see of a config's run: the refusal, or what is reported and answered. */
async function runAsStranger({ prepare, folder }: DriverBench, text: string): Promise<string> {
  const confinedTo = [{ path: folder, tracked: null }];
  try {
    const prepared = await prepare(text, { confinedTo, access: "opened" });
    const running = await prepared.start(never);
    const paths = ["/sock", "/decoy", "/decoy.txt", "/mark"];
    // What is reached is reached when it is asked for; nobody waits for an answer that does not come.
    const asked = paths.map((path) => bodyOf(running.endpoint, path, 500).catch(String));
    const socket = openSocket(running.endpoint, 500).catch(() => null);
    const answers = await Promise.all(asked);
    (await socket)?.terminate();
    await running.stop();
    return [prepared.configText, ...prepared.changes, ...answers, ...running.log()].join("\n");
  } catch (thrown) {
    assert.ok(thrown instanceof UserFacingError, String(thrown));
    // It is wsrally that refuses: the proxy's own words would tell what is in a file.
    assert.ok(!(thrown instanceof ConfigRefusedError), thrown.message);
    return thrown.message;
  }
}

const walls = Object.values(drivers).filter(({ confinement }) => confinement !== null);

for (const driver of walls) {
  describe(`a stranger's ${driver.title} config`, () => {
    it("touches no file, no program and no address but its own, and learns nothing", async (test) => {
      process.env[variable] = secret;
      const tryAll = async (bench: DriverBench, watch: Watch): Promise<void> => {
        const { fixture, folder, prepare } = bench;
        const good = await prepare(fixture.config(), { confinedTo: [{ path: folder, tracked: null }] });
        const running = await good.start(never);
        assert.deepEqual(await echoes(running.endpoint, ["ping"]), ["ping"], "an honest one runs");
        await running.stop();
        for (const asked of fixture.hostile(watch.decoys)) {
          await test.test(JSON.stringify(asked), async () => {
            const before = processTree(process.pid);
            const told = await runAsStranger(bench, fixture.config(asked));
            assert.deepEqual(watch.touched(), []);
            assert.ok(!told.includes(secret), told);
            const left = processTree(process.pid).filter((pid) => !before.includes(pid) && isAlive(pid));
            assert.deepEqual(left, []);
          });
        }
      };
      await withDriver(driver, (bench) =>
        withFolder(async (outside) => {
          const watch = await layOut(outside);
          await tryAll(bench, watch).finally(watch.close);
        }),
      );
      delete process.env[variable];
    });
  });
}
