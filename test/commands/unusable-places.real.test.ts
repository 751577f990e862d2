import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type CliOptions, runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

/** For each: a run that hangs fails its own test alone. */
const timeout = 20_000;

interface Row {
  readonly title: string;
  readonly args: readonly string[];
  readonly env?: CliOptions["env"];
  readonly says: RegExp;
}

const run = ["run", "direct", "--connections", "1", "--blocks", "1"];

const rows: readonly Row[] = [
  {
    title: "results in a folder that takes no new ones",
    args: [...run, "--out", "/proc/nowhere/x"],
    says: /^Cannot make the results folder \/proc\/nowhere\/x: \/proc takes no new folders; --out chooses/m,
  },
  {
    title: "results behind a device",
    args: ["soak", "direct", "--for", "2h", "--out", "/dev/null/x"],
    says: /^Cannot make the results folder .*: \/dev\/null is no folder; --out chooses/m,
  },
  {
    title: "results behind a file",
    args: ["capacity", "direct", "--slo", "p99 < 20ms", "--out", "file/x"],
    says: /^Cannot make the results folder .*\/file is no folder; --out chooses/m,
  },
  {
    title: "results under a name that is too long",
    args: [...run, "--out", "x".repeat(300)],
    says: /^Cannot make the results folder .*its name is longer than the file system takes; --out chooses/m,
  },
  {
    title: "a gate's results in a folder that takes no new ones",
    args: ["gate", "--baseline", "direct", "--candidate", "direct", "--out", "/proc/nowhere/x"],
    says: /^Cannot make the results folder .*: \/proc takes no new folders/m,
  },
  {
    title: "no folder for temporary files",
    args: run,
    env: { TMPDIR: "/proc/nowhere" },
    says: /^Cannot make a temporary folder in \/proc\/nowhere: .*; TMPDIR chooses another place$/m,
  },
  {
    title: "temporary files in a file",
    args: ["probe", "direct", "--quick"],
    env: { TMPDIR: "/dev/null" },
    says: /^Cannot make a temporary folder in \/dev\/null: .*; TMPDIR chooses another place$/m,
  },
  {
    title: "no folder for fetched programs",
    args: ["proxies", "install", "nginx"],
    env: { XDG_CACHE_HOME: "/proc/nowhere" },
    says: /^Cannot make the folder for fetched programs \/proc\/nowhere\/wsrally: \/proc takes no new folders; XDG_C/m,
  },
  {
    title: "no home",
    args: ["proxies", "install", "nginx"],
    env: { XDG_CACHE_HOME: "", HOME: "/dev/null" },
    says: /^Cannot make the folder for fetched programs .*: \/dev\/null is no folder/m,
  },
];

describe("places that cannot be written", () => {
  for (const { title, args, env, says } of rows)
    it(`${title}: 3, in one line`, { timeout }, async () => {
      await withFolder(async (cwd) => {
        writeFileSync(join(cwd, "file"), "");
        // A variable of the process is a process's.
        const { code, stderr } = await (env === undefined
          ? runHere(args, { cwd })
          : runCli(args, { cwd, env }));
        assert.equal(code, 3, stderr);
        assert.match(stderr, says);
        assert.doesNotMatch(stderr, /\n {4}at /);
      });
    });

  it("reports that cannot be written are said, and fail nothing that was measured", { timeout }, async () => {
    await withFolder(async (cwd) => {
      const reports = ["csv=/proc/nowhere/x.csv", "markdown=/dev/null/x.md"].flatMap((one) => [
        "--report",
        one,
      ]);
      const load = [...run, "--duration", "0.2", "--warmup", "0", ...reports];
      const { code, stderr } = await runHere(load, { cwd });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^Warning: cannot write the csv report .*: \/proc takes no new folders$/m);
      assert.match(stderr, /^Warning: cannot write the markdown report .*: \/dev\/null is no folder$/m);
      assert.equal(readdirSync(join(cwd, "results")).length, 1);
    });
  });
});
