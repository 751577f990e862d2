/**
 * Beyond one process's open files, with a limit low enough to meet on any machine.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { withFolder } from "../support/with-folder.js";

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program with a limit on each process's open files. */
function runLimited(openFiles: number, args: readonly string[]): Promise<Outcome> {
  const script = `ulimit -n ${openFiles} && exec "$@"`;
  const child = spawn("/bin/sh", ["-c", script, "sh", process.execPath, resolve("dist/cli.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "true" },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  return new Promise((settle) => child.on("close", (code) => settle({ code, stdout, stderr })));
}

const short = ["--rate", "500", "--duration", "0.3", "--warmup", "0", "--blocks", "1", "--json"];

describe("more connections than one process may have open files", () => {
  it("are spread over generator and backend processes, every message accounted for", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runLimited(400, [
        "run",
        "direct",
        "--connections",
        "700",
        ...short,
        "--out",
        out,
      ]);
      assert.equal(code, 0, stderr);
      const [trial] = (JSON.parse(stdout) as RunDocument).arms[0]?.trials ?? [];
      assert.deepEqual(trial?.connections, { requested: 700, opened: 700, failed: 0, held: 700 });
      const { accounting } = trial ?? {};
      assert.ok((accounting?.clientSent ?? 0) >= 147);
      assert.equal(accounting?.backendReceived, accounting?.clientSent);
      assert.equal(accounting?.clientReceived, accounting?.clientSent);
      assert.deepEqual(trial?.failures, []);
    });
  });

  it("go through an nginx with workers enough", async () => {
    await withFolder(async (out) => {
      const args = [
        "run",
        "nginx",
        "--set",
        "worker_processes=8",
        "--set",
        "reuseport=on",
        "--connections",
        "500",
      ];
      const { code, stdout, stderr } = await runLimited(500, [...args, ...short, "--out", out]);
      assert.equal(code, 0, stderr);
      const [trial] = (JSON.parse(stdout) as RunDocument).arms[0]?.trials ?? [];
      assert.deepEqual(trial?.connections, { requested: 500, opened: 500, failed: 0, held: 500 });
      assert.equal(trial?.accounting.backendReceived, trial?.accounting.clientSent);
    });
  });

  it("are refused before the load where the proxy's workers are too few, in one line with the numbers", async () => {
    await withFolder(async (out) => {
      const { code, stderr } = await runLimited(400, [
        "run",
        "nginx",
        "--connections",
        "500",
        ...short,
        "--out",
        out,
      ]);
      assert.equal(code, 3);
      assert.match(
        stderr,
        /each worker of the proxy needs 1100 open files and may have 400; want at most about \d+ connections, more workers/,
      );
    });
  });
});
