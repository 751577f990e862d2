/**
 * HAProxy as an arm: the commands that measure, with a real HAProxy; those that start one, by the built program.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { awaitNoProcesses } from "../support/leftovers.js";
import { type CliResult, runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const small = ["--connections", "20", "--rate", "500", "--duration", "0.3", "--warmup", "0", "--json"];

const config = `global
  user haproxy
  maxconn 400
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind *:80
  default_backend sockets
backend sockets
  timeout tunnel 1h
  server app 10.0.0.2:9000
`;

/** Runs in a folder of its own, and holds that no process stays behind. */
async function inFolder(
  test: (
    run: (...args: string[]) => Promise<CliResult>,
    write: (text: string, name?: string) => void,
    here: (...args: string[]) => Promise<CliResult>,
  ) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const run = (...args: string[]): Promise<CliResult> =>
      runCli(args, { cwd: folder, env: { TMPDIR: folder, HOME: process.env.HOME ?? folder } });
    const here = (...args: string[]): Promise<CliResult> => runHere(args, { cwd: folder });
    await test(run, (text, name = "site.cfg") => writeFileSync(join(folder, name), text), here);
    assert.deepEqual(await awaitNoProcesses(folder), []);
  });
}

function documentOf({ code, stdout, stderr }: CliResult): RunDocument {
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as RunDocument;
}

/** Every message and connection is seen by both ends, and none is lost. */
function assertWhole({ arms }: RunDocument): void {
  for (const { name, trials } of arms) {
    assert.ok(trials.length > 0, name);
    for (const { connections, accounting, failures } of trials) {
      assert.deepEqual(failures, [], name);
      assert.equal(connections.opened, connections.requested, name);
      assert.equal(accounting.backendReceived, accounting.clientSent, name);
      assert.equal(accounting.clientReceived, accounting.clientSent, name);
    }
  }
}

describe("haproxy as an arm", () => {
  it("is compared with nginx: counts equal at both ends, cost of its worker told", async () => {
    await inFolder(async (run) => {
      const document = documentOf(await run("compare", "nginx", "haproxy", "--blocks", "2", ...small));
      assert.deepEqual(
        document.arms.map(({ proxy }) => proxy.kind),
        ["nginx", "haproxy"],
      );
      assertWhole(document);
      if (process.platform !== "linux") return;
      const cost = document.arms[1]?.trials[0]?.proxyCost ?? null;
      assert.equal(cost?.processes, 2, "a master and a worker");
      assert.equal(cost?.workers?.length, 1);
      assert.ok((cost?.cpuUsPerMessage ?? 0) > 0);
    });
  });

  it("takes the user's own config, with every change listed", async () => {
    await inFolder(async (run, write) => {
      write(config);
      const document = documentOf(await run("run", "haproxy:site.cfg", "--blocks", "1", ...small));
      assertWhole(document);
      const [arm] = document.arms;
      assert.equal(arm?.name, "haproxy-site");
      const changes = arm?.proxy.changes.join("\n") ?? "";
      assert.match(changes, /`bind \*:80` is a free port of 127\.0\.0\.1 instead \(site\.cfg:10\)/);
      assert.match(changes, /`server app 10\.0\.0\.2:9000` is wsrally's backend instead \(site\.cfg:14\)/);
      assert.match(changes, /user was left out.*site\.cfg:2/);
    });
  });

  it("is refused in its own words, with the user's file and line, and by the room that it has", async () => {
    await inFolder(async (_run, write, here) => {
      write(config.replace("  maxconn 400\n", "  maxcon 400\n"));
      const refused = await here("run", "haproxy:site.cfg", ...small);
      assert.equal(refused.code, 3, refused.stderr);
      assert.match(refused.stderr, /HAProxy refuses site\.cfg: site\.cfg:3: unknown keyword 'maxcon'/);
      write(config.replace("maxconn 400", "maxconn 10"));
      const narrow = await here("run", "haproxy", "--set", "server maxconn=10", "--dry-run", ...small);
      assert.equal(narrow.code, 2, narrow.stdout);
      assert.match(narrow.stderr, /room for 10 of 20 connections: .*maxconn 10/);
      const full = await here("run", "haproxy:site.cfg", "--dry-run", ...small);
      assert.equal(full.code, 2, full.stdout);
      assert.match(full.stderr, /room for 10 of 20 connections: `?maxconn 10`? \(site\.cfg:3\)/);
    });
  });

  it("varies over a matrix of its settings", async () => {
    await inFolder(async (_run, write, here) => {
      write("arms: [haproxy]\nmatrix: { nbthread: [1, 2] }\nworkload: { connections: 20 }\n", "threads.yaml");
      const { code, stdout, stderr } = await here("run", "threads.yaml", "--dry-run", "--json");
      assert.equal(code, 0, stderr);
      assert.match(stdout, /haproxy\.nbthread-2/);
    });
  });
});
