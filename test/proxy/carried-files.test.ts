/**
 * Configs that are read on another machine: what is taken along is what reading takes, for every kind of proxy.
 */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { foretellProxy } from "#wsrally/proxy/foretell-proxy.js";
import { createLineReader } from "#wsrally/proxy/haproxy/adopt/adoption.js";
import { carriedReach, notingFiles } from "#wsrally/proxy/reach/carried-files.js";
import { createPrivateCopies } from "#wsrally/proxy/reach/private-copies.js";
import { readingBy } from "#wsrally/proxy/reach/reach.js";
import type { ArmTarget } from "#wsrally/scenario/arm.js";
import { proxyKinds } from "#wsrally/scenario/proxy-kind.js";
import { withFolder } from "../support/with-folder.js";
import { contractFixtures } from "./support/contract-fixtures.js";

const wish = {
  backend: { host: "127.0.0.1", port: 9 },
  connections: 10,
  path: null,
  serverName: null,
  host: null,
} as const;

/** Reads a config where it is, takes it away from there, and reads it as it was carried. */
async function readTwice(folder: string, target: ArmTarget): Promise<readonly string[]> {
  const { result: here, files } = await notingFiles(() => foretellProxy(target, {}, wish));
  const home = join(folder, "home");
  renameSync(home, join(folder, "gone"));
  const kept = new Map(files.map(({ path }, at) => [path, join(folder, `kept-${at}`)]));
  for (const { path, content } of files) writeFileSync(kept.get(path) ?? "", content);
  const empty = join(folder, "empty");
  mkdirSync(empty);
  const there = await readingBy(carriedReach(kept, empty), () => foretellProxy(target, {}, wish));
  assert.deepEqual([there.tls, there.facts], [here.tls, here.facts]);
  return files.map(({ path }) => path.slice(home.length + 1)).sort();
}

describe("a config's files on another machine", () => {
  for (const kind of proxyKinds) {
    it(`${kind}: tell what they told where they were`, () =>
      withFolder(async (folder) => {
        const { fileName, config } = contractFixtures[kind];
        mkdirSync(join(folder, "home"));
        const configFile = join(folder, "home", fileName);
        writeFileSync(configFile, config({ idleS: 77 }));
        const target: ArmTarget = { kind: "proxy", proxy: kind, configFile, confinedTo: null };
        assert.deepEqual(await readTwice(folder, target), [fileName]);
      }));
  }

  it("are those that it includes, by name, by pattern and in a folder, and no others", () =>
    withFolder(async (folder) => {
      const home = join(folder, "home");
      for (const name of ["conf.d", "other"]) mkdirSync(join(home, name), { recursive: true });
      const pass = "proxy_pass http://127.0.0.1:9; proxy_http_version 1.1;";
      const upgrade = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
      const texts = {
        "nginx.conf": `events {} http { include ${home}/conf.d/*.conf; }`,
        "conf.d/a.conf": "server { listen 80; include upgrade.inc; }",
        "upgrade.inc": `location / { ${pass} ${upgrade} proxy_read_timeout 77s; }`,
        "other/b.conf": "",
      };
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(home, name), text);
      const configFile = join(home, "nginx.conf");
      const target: ArmTarget = { kind: "proxy", proxy: "nginx", configFile, confinedTo: null };
      assert.deepEqual(await readTwice(folder, target), ["conf.d/a.conf", "nginx.conf", "upgrade.inc"]);
    }));
});

describe("a file that has not come with a config", () => {
  const refused = /has not come with the config/;

  for (const kind of proxyKinds) {
    it(`${kind}: is not read from this machine, though one of its name is here`, () =>
      withFolder(async (folder) => {
        const { fileName, config } = contractFixtures[kind];
        const configFile = join(folder, fileName);
        writeFileSync(configFile, config({ idleS: 77 }));
        const target: ArmTarget = { kind: "proxy", proxy: kind, configFile, confinedTo: null };
        const read = () => foretellProxy(target, {}, wish);
        await read();
        await assert.rejects(async () => readingBy(carriedReach(new Map(), folder), read), refused);
      }));
  }

  it("is not copied either, and what did come is", () =>
    withFolder(async (folder) => {
      const [here, kept] = [join(folder, "users"), join(folder, "kept")];
      writeFileSync(here, "of this machine");
      writeFileSync(kept, "of the other");
      const copy = (files: ReadonlyMap<string, string>) =>
        readingBy(carriedReach(files, folder), () => {
          const copies = createPrivateCopies(null);
          const name = copies.copyOf(here, "userlist", { file: "site.cfg", line: 3 });
          return name === null ? null : copies.files().get(name)?.toString();
        });
      assert.throws(() => copy(new Map()), /site\.cfg:3: userlist has not come with the config/);
      assert.equal(copy(new Map([[here, kept]])), "of the other");
    }));

  it("haproxy: has no lines, and the lines of a map that did come are read where it is kept", () =>
    withFolder(async (folder) => {
      const [here, kept] = [join(folder, "hosts.map"), join(folder, "kept")];
      writeFileSync(here, "here.test one");
      writeFileSync(kept, "there.test two");
      const lines = (files: ReadonlyMap<string, string>) =>
        readingBy(carriedReach(files, folder), () => createLineReader(folder, null)("hosts.map"));
      assert.equal(lines(new Map()), null);
      assert.deepEqual(lines(new Map([[here, kept]])), ["there.test two"]);
    }));
});
