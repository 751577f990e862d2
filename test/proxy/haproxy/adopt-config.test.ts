/** What becomes of an HAProxy config in the copy that is run, and what is said of it. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { adoptConfig } from "#wsrally/proxy/haproxy/adopt/adopt-config.js";
import { printConfig } from "#wsrally/proxy/haproxy/language/print-config.js";
import { withFolder } from "../../support/with-folder.js";

const lines = ["cpu-map 1 0", "cpu-map auto:1/1-4 0-3", "cpu-policy performance", "no numa-cpu-mapping"];
function configWith(server: string): string {
  return `global
  ${lines.join("\n  ")}
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen web
  bind :80
  server s app.internal:9000 ${server}
`;
}

async function adopted(
  isPlaced: boolean,
  confined: boolean,
  server = "",
): Promise<{ text: string; changes: string }> {
  return withFolder(async (folder) => {
    const file = join(folder, "site.cfg");
    writeFileSync(file, configWith(server));
    const { tree, changes } = await adoptConfig(file, {
      source: { kind: "file", file },
      backend: { host: "127.0.0.1", port: 1 },
      connections: 10,
      ...{ path: null, serverName: null, host: null, variant: null, program: null, isPlaced },
      access: "opened",
      upstream: "ours",
      confinedTo: confined ? [{ path: folder, tracked: null }] : null,
    });
    return { text: printConfig(tree, { keepsSource: true }).text, changes: changes.join("\n") };
  });
}

describe("cpu-map and its like", () => {
  for (const confined of [false, true]) {
    const whose = confined ? "a stranger's config" : "a user's own config";
    it(`are left out of ${whose} and listed where the run places the proxy`, async () => {
      const { text, changes } = await adopted(true, confined);
      assert.doesNotMatch(text, /cpu-/);
      for (const [at, line] of lines.entries()) {
        const name = line.replace("no ", "").split(" ")[0];
        assert.match(
          changes,
          new RegExp(`${name} was left out: .* \`cpus: none\` in a scenario keeps it .*:${at + 2}\\b`),
        );
      }
    });

    it(`stay in ${whose} with \`cpus: none\``, async () => {
      const { text, changes } = await adopted(false, confined);
      for (const line of lines) assert.ok(text.includes(line), text);
      assert.doesNotMatch(changes, /cpu-/);
    });
  }
});

describe("a server over TLS", () => {
  it("is asked without, and over HTTP/2 where it agrees on nothing else", async () => {
    const { text, changes } = await adopted(true, false, "ssl verify none alpn h2");
    assert.match(text, /server s \S+ alpn h2 proto h2$/m);
    assert.match(changes, /The server is asked without TLS/);
    assert.match(changes, /`alpn h2` is `proto h2` there, for HTTP\/2 is agreed on within TLS/);
  });

  it("speaks HTTP/1.1 where it may agree on that", async () => {
    const { text, changes } = await adopted(true, false, "ssl verify none alpn h2,http/1.1");
    assert.doesNotMatch(text, /proto/);
    assert.doesNotMatch(changes, /proto h2/);
  });
});
