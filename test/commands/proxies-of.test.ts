import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { proxiesOf } from "#wsrally/commands/proxies-of.js";
import { withFolder } from "../support/with-folder.js";

const rows: readonly (readonly [string, readonly string[]])[] = [
  ["nginx", ["nginx"]],
  ["haproxy:site.conf", ["haproxy"]],
  ["new=haproxy:origin/main:site.conf", ["haproxy"]],
  ["deploy/nginx.conf", ["nginx"]],
  ["origin/main:deploy/haproxy.cfg", ["haproxy"]],
  ["ws://127.0.0.1:1/", []],
  ["embedded", []],
  ["direct", []],
  ["none", []],
  ["", []],
  ["nginx-tls", ["nginx"]],
  ["missing.yaml", []],
  ["deploy/envoy.yaml", ["envoy"]],
  ["origin/main:deploy/envoy.yaml", ["envoy"]],
];

describe("proxiesOf()", () => {
  for (const [text, kinds] of rows) {
    it(`finds ${kinds.join() || "none"} in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(proxiesOf(text), kinds);
    });
  }

  it("reads the arms of a scenario, and leaves one that cannot be read to who uses it", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "ci.yaml");
      writeFileSync(file, 'arms: [nginx, "b=nginx:x.conf", { name: c, arm: "haproxy:y.cfg" }, direct]\n');
      assert.deepEqual(proxiesOf(file), ["nginx", "haproxy"]);
      writeFileSync(file, "arms: 5\n");
      assert.deepEqual(proxiesOf(file), []);
    });
  });
});
