/**
 * The machine a run was made on: what must be alike before two runs may even be looked at side by side.
 */
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { readMachineLimits } from "../trial/check-limits.js";
import type { Environment } from "./environment-schema.js";
import { readCiCommit, readGitState } from "./source-state.js";
import { readVirtualisation } from "./virtualisation.js";

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {
    os: platform(),
    kernel: release(),
    arch: arch(),
    cpuModel: cpus()[0]?.model.trim() || null,
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.versions.node,
    maxOpenFiles: readMachineLimits().maxOpenFiles,
    ci: env.CI === "true" || env.CI === "1",
    virtualisation: readVirtualisation(env),
    git: readGitState(process.cwd()),
    ciCommit: readCiCommit(env),
  };
}
