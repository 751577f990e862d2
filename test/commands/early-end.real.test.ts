/**
 * Runs that end before anything was measured: stopped by a signal while the proxy is prepared or the backend starts, or
 * refused. A line or two say so, and nothing is left: no process, no temporary file, no folder with an empty document.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { awaitNoProcesses } from "../support/leftovers.js";
import { startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const load = ["--connections", "5", "--rate", "50"];
const config = "events {} http { server { listen 8080; location / { proxy_pass http://127.0.0.1:9; } } }\n";

const commands: readonly (readonly string[])[] = [
  ["run", "nginx", ...load],
  ["compare", "nginx", "direct", ...load],
  ["gate", "--baseline", "old.conf", "--candidate", "new.conf", ...load],
  ["capacity", "nginx", "--connections", "5"],
  ["soak", "nginx", ...load],
  ["probe", "nginx"],
];

describe("a run that is stopped before anything was measured", () => {
  /** After its first line, which comes before the proxy is prepared. */
  const moments = [
    { signal: "SIGINT", delayMs: 0 },
    { signal: "SIGTERM", delayMs: 150 },
    { signal: "SIGINT", delayMs: 150 },
  ] as const;
  it("says so in one line, and leaves nothing", async () => {
    await Promise.all(
      commands.map((args, index) =>
        withFolder(async (cwd) => {
          const { signal, delayMs } = moments[index % moments.length] ?? assert.fail();
          const tmp = join(cwd, "tmp");
          mkdirSync(tmp);
          for (const name of ["old.conf", "new.conf"]) writeFileSync(join(cwd, name), config);
          const { child, stderr, result } = startCli(args, { cwd, env: { TMPDIR: tmp } });
          while (!stderr().includes("\n") && child.exitCode === null) await sleep(2);
          const before = stderr();
          await sleep(delayMs);
          child.kill(signal);
          const ended = await result;
          const said = ended.stderr.slice(before.length).trim().split("\n");
          const words = `${args[0]}: ${ended.stderr}`;
          assert.deepEqual([ended.code, ended.stdout], [130, ""], words);
          assert.match(said.at(-1) ?? "", /^Interrupted/, words);
          // What was being done meanwhile may have said so, in a line a step.
          for (const line of said.slice(0, -1)) assert.match(line, /^[a-z]+: /, words);
          assert.deepEqual(await awaitNoProcesses(tmp), []);
          assert.deepEqual(readdirSync(tmp), []);
          assert.ok(!existsSync(join(cwd, "results")), words);
        }),
      ),
    );
  });
});

describe("a run that is refused before anything was measured", () => {
  it("leaves no folder, by whichever command, and none that was there is touched", async () => {
    const closed = "ws://127.0.0.1:1/sock";
    const refused = [
      ["run", closed, ...load],
      ["compare", closed, "direct", ...load],
      ["capacity", closed, "--connections", "5"],
      ["soak", closed, ...load],
    ];
    await withFolder(async (cwd) => {
      mkdirSync(join(cwd, "there"));
      for (const out of ["there", "new"]) {
        for (const args of refused) {
          const folder = out === "there" ? out : `${out}-${args[0]}`;
          const { code, stdout, stderr } = await runHere([...args, "--out", folder], { cwd });
          assert.deepEqual([code, stdout], [3, ""], stderr);
          assert.ok(stderr.trim().split("\n").length <= 3, stderr);
        }
      }
      assert.deepEqual(readdirSync(cwd), ["there"]);
      assert.deepEqual(readdirSync(join(cwd, "there")), []);
    });
  });
});
