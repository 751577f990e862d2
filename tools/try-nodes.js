/**
 * Tries the built program on the versions of Node that it is meant for, besides the one that runs this: help, and a short run through a
 * real nginx. npm's package `node` brings them; one that cannot be had is said, and fails nothing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const majors = [20, 22, 24];
const limitMs = 60_000;
const own = Number(process.versions.node.split(".")[0]);
const folder = mkdtempSync(join(tmpdir(), "wsrally-nodes-"));
const short = ["--connections", "10", "--rate", "100", "--blocks", "1", "--duration", "0.2", "--warmup", "0"];
const tries = [["--help"], ["demo", "--help"], ["run", "nginx", ...short, "--json", "--out", folder]];

function run(program, args) {
  return spawnSync(program, args, {
    encoding: "utf8",
    timeout: limitMs,
    env: { ...process.env, CI: "true" },
  });
}

/** @returns its path, or null where npm cannot bring it */
function findNode(major) {
  const { status, stdout } = run("npx", ["--yes", `node@${major}`, "--print", "process.execPath"]);
  return status === 0 ? stdout.trim() : null;
}

try {
  for (const major of majors.filter((one) => one !== own)) {
    const node = findNode(major);
    if (node === null) {
      process.stdout.write(`Node ${major}: not tried, npm could not bring it\n`);
      continue;
    }
    const version = run(node, ["--version"]).stdout.trim();
    const failed = tries.find((args) => {
      const { status, stdout, stderr } = run(node, ["dist/cli.js", ...args]);
      const isWhole = args[0] !== "run" || JSON.parse(stdout || "{}").status === "complete";
      if (status !== 0 || !isWhole) process.stdout.write(`${stdout}${stderr}`);
      return status !== 0 || !isWhole;
    });
    process.stdout.write(
      `Node ${version}: ${failed === undefined ? "works" : `fails at ${failed.join(" ")}`}\n`,
    );
    if (failed !== undefined) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
