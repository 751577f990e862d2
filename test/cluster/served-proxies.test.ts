/** What an agent takes of a config, and what it refuses before it runs anything. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ServedProxies } from "#wsrally/cluster/served-proxies.js";
import { withFolder } from "../support/with-folder.js";

const text = "events {}";
const sha256 = createHash("sha256").update(text).digest("hex");
const piece = Buffer.from(text).toString("base64");
/** Nothing is to be run. */
const guard = { spawn: () => assert.fail("a process was started"), release: () => undefined };

function withProxies(test: (proxies: ServedProxies, folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const proxies = new ServedProxies(folder, guard);
    await test(proxies, folder);
    await proxies.end();
    assert.throws(() => readdirSync(folder), { code: "ENOENT" });
  });
}

describe("an agent's proxies", () => {
  it("keep what is whole, by its digest alone", () =>
    withProxies(async (proxies, folder) => {
      const half = Buffer.from(text.slice(0, 4)).toString("base64");
      const rest = Buffer.from(text.slice(4)).toString("base64");
      await proxies.answer({ kind: "keep", sha256, bytes: text.length, piece: half });
      assert.deepEqual(readdirSync(folder), []);
      await proxies.answer({ kind: "keep", sha256, bytes: text.length, piece: rest });
      assert.deepEqual(readdirSync(folder), [sha256]);
    }));

  it("refuse what is not what was sent, and a name that is no digest", () =>
    withProxies(async (proxies, folder) => {
      const altered = Buffer.from("events {!").toString("base64");
      await assert.rejects(
        proxies.answer({ kind: "keep", sha256, bytes: text.length, piece: altered }),
        /not what it was when it was sent/,
      );
      await assert.rejects(
        proxies.answer({ kind: "keep", sha256: "../../x", bytes: text.length, piece }),
        /no digest/,
      );
      assert.deepEqual(readdirSync(folder), []);
    }));

  it("refuse a config of which a file has not come, and what is no proxy's", () =>
    withProxies(async (proxies, folder) => {
      const path = join(folder, "nginx.conf");
      const backend = { host: "127.0.0.1", port: 9 };
      const wish = { backend, connections: 1, path: null, serverName: null, host: null };
      const order = { set: {}, wish, files: [{ path, sha256 }] };
      const own = { kind: "proxy", proxy: "nginx", configFile: path, confinedTo: null } as const;
      await assert.rejects(
        proxies.answer({ kind: "prepare", arm: "a", order: { ...order, target: own } }),
        /a file of the config has not come/,
      );
      const url = { kind: "url", url: "ws://127.0.0.1:9/" } as const;
      await assert.rejects(
        proxies.answer({ kind: "prepare", arm: "a", order: { ...order, target: url } }),
        /runs proxies alone/,
      );
      await assert.rejects(
        proxies.answer({ kind: "start", arm: "a", how: "afresh" }),
        /no proxy a was prepared/,
      );
    }));
});
