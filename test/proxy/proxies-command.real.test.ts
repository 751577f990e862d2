import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { UsageError } from "#wsrally/base/errors.js";
import { proxiesCommand } from "#wsrally/commands/proxies.js";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";

const run = promisify(execFile);
const program = fileURLToPath(new URL("./support/proxies-main.js", import.meta.url));

/** Runs the command in a process of its own, for this one's stdout is the test runner's. */
async function stdoutOf(...args: string[]): Promise<string> {
  return (await run(process.execPath, [program, ...args])).stdout;
}

describe("wsrally proxies", () => {
  it("lists nginx with its version, its path and where it was found", async () => {
    const { version, path, source } = await findNginx();
    const [head, first] = (await stdoutOf()).split("\n");
    assert.match(head ?? "", /^kind +version +source +path$/);
    assert.deepEqual(first?.split(/ {2,}/), ["nginx", version, source, path]);
  });

  it("prints the list as JSON and nothing else", async () => {
    const { proxies } = JSON.parse(await stdoutOf("--json")) as {
      proxies: { kind: string; build: string }[];
    };
    assert.deepEqual(
      [...new Set(proxies.map(({ kind }) => kind))],
      ["nginx", "haproxy", "caddy", "envoy", "traefik", "apache", "embedded"],
    );
    assert.equal(proxies[0]?.kind, "nginx");
    assert.match(proxies[0]?.build ?? "", /configure arguments/);
    assert.equal(proxies.at(-1)?.kind, "embedded");
  });

  it("refuses to install what it does not know, naming what it does", async () => {
    await assert.rejects(
      proxiesCommand().parseAsync(["install", "nginx", "ngnix"], { from: "user" }),
      (thrown) =>
        thrown instanceof UsageError &&
        /"ngnix": wsrally fetches nginx, haproxy, caddy, envoy, traefik, apache/.test(thrown.message),
    );
  });
});
