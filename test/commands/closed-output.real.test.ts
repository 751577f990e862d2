import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { equivalentDocument } from "../report/run-documents.js";
import { awaitNoProcesses } from "../support/leftovers.js";
import { type CliResult, runCli, startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const run = ["run", "direct", "--connections", "2", "--rate", "100", "--warmup", "0"];
const short = [...run, "--blocks", "2", "--duration", "0.2"];

/** Runs it in a shell that does something to its streams. */
function within(script: string, args: readonly string[], cwd: string): Promise<CliResult> {
  return runCli(args, { cwd, through: ["sh", "-c", script, "sh"], env: { TMPDIR: cwd } });
}

/** The exit code of a command in a pipe goes to a file. */
const intoHead = (lines: number): string => `{ "$@"; echo $? >code; } 2>&1 | head -n ${lines}`;

describe("output that nobody takes", () => {
  it("both streams into a pipe whose reader leaves: the work stops, and what was measured is kept", async () => {
    await withFolder(async (cwd) => {
      const { stdout } = await within(intoHead(2), [...run, "--max-seconds", "30", "--duration", "0.2"], cwd);
      assert.equal(stdout.trim().split("\n").length, 2, stdout);
      assert.equal(readFileSync(join(cwd, "code"), "utf8").trim(), "130");
      const [folder = ""] = readdirSync(join(cwd, "results"));
      const files = readdirSync(join(cwd, "results", folder));
      assert.ok(files.includes("run.json") && !files.some((file) => file.endsWith(".part")), files.join());
      assert.deepEqual(await awaitNoProcesses(cwd), []);
    });
  });

  it("a probe into a pipe whose reader leaves stops as well", async () => {
    await withFolder(async (cwd) => {
      await within(intoHead(1), ["probe", "direct", "--quick"], cwd);
      assert.equal(readFileSync(join(cwd, "code"), "utf8").trim(), "130");
      assert.deepEqual(await awaitNoProcesses(cwd), []);
    });
  });

  it("talk that nobody reads any more: the work goes on to its result", async () => {
    await withFolder(async (cwd) => {
      const { child, result } = startCli([...short, "--json"], { cwd });
      child.stderr?.destroy();
      const { code, stdout } = await result;
      assert.equal(code, 0);
      assert.equal((JSON.parse(stdout) as { status: string }).status, "complete");
    });
  });

  it("talk onto a full disk: the same", async () => {
    await withFolder(async (cwd) => {
      const { code, stdout } = await within(
        'exec "$@" 2>/dev/full',
        ["probe", "direct", "--quick", "--json"],
        cwd,
      );
      assert.equal(code, 0);
      assert.equal((JSON.parse(stdout) as { arm: { name: string } }).arm.name, "direct");
    });
  });

  it("a result that nobody reads: done all the same, with the exit code of what was found", async () => {
    await withFolder(async (cwd) => {
      const { child, result } = startCli([...short, "--slo", "p50 < 1ns"], { cwd });
      child.stdout?.destroy();
      const { code, stderr } = await result;
      // An SLO that two blocks cannot prove.
      assert.equal(code, 21, stderr);
      assert.doesNotMatch(stderr, /EPIPE|\n {4}at /);
    });
  });
});

describe("output onto a full disk", () => {
  it("3, in one line", async () => {
    await withFolder(async (cwd) => {
      writeFileSync(join(cwd, "run.json"), JSON.stringify(equivalentDocument));
      const rows = [
        ["report", "run.json", "--format", "html"],
        ["compare", "--help"],
      ];
      for (const args of rows) {
        const { code, stderr } = await within('exec "$@" >/dev/full', args, cwd);
        assert.equal(code, 3, args.join(" "));
        assert.equal(stderr, "Cannot write the output: ENOSPC: no space left on device, write\n");
      }
    });
  });

  it("files that fill up: 3, and what was measured until then can be shown", async () => {
    await withFolder(async (cwd) => {
      // 9 KiB: the first trial's document fits in, and the fourth's does not.
      const { code, stderr } = await within(
        'ulimit -f 18; exec "$@"',
        [...run, "--blocks", "4", "--duration", "0.2"],
        cwd,
      );
      assert.equal(code, 3, stderr);
      assert.match(stderr, /^Cannot write results\/\S+: EFBIG: .*; --out chooses another folder$/m);
      assert.doesNotMatch(stderr, /\n {4}at /);
      const [folder = ""] = readdirSync(join(cwd, "results"));
      assert.ok(!existsSync(join(cwd, "results", folder, "run.json.part")));
      const shown = await runHere(["report", join("results", folder)], { cwd });
      assert.equal(shown.code, 0, shown.stderr);
      assert.match(shown.stdout, /^direct: round trip p50/m);
      assert.deepEqual(await awaitNoProcesses(cwd), []);
    });
  });
});
