/**
 * The bench's C programs, built afresh into a folder that the caller removes.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOnPath } from "../../build/base/owned-process.js";

const sources = fileURLToPath(new URL("../native/", import.meta.url));

/** @returns the paths of the programs by name, or null where there is no C compiler */
export function buildCPrograms(folder) {
  const compiler = findOnPath("cc") ?? findOnPath("gcc") ?? findOnPath("clang");
  if (compiler === null) return null;
  const build = (name) => {
    const program = join(folder, name);
    const { status, stderr } = spawnSync(
      compiler,
      ["-O2", "-Wall", "-Wextra", "-o", program, join(sources, `${name}.c`)],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`${compiler} cannot build ${name}.c:\n${stderr}`);
    return program;
  };
  return { pongServer: build("pong-server"), cLoop: build("c-loop"), delayServer: build("delay-server") };
}
