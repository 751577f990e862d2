import { join } from "node:path";
import type { GateResult } from "#wsrally/results/gate-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { assertDocument } from "../support/assert-document.js";
import type { CliResult } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { configFile, makeRepository, type ScratchRepository } from "./gate-repository.js";

/** A light load, which a busy machine can offer too; ten blocks are the fewest that decide. */
export const load = ["--connections", "10", "--rate", "500", "--duration", "0.2", "--warmup", "0.05"];
export const quick = [...load, "--blocks", "10"];
export const sides = ["--baseline", `main:${configFile}`, "--candidate", configFile];

type GateDocument = RunDocument & { readonly gate: GateResult };

export function parseGate({ stdout }: CliResult): GateDocument {
  const document = JSON.parse(stdout) as GateDocument;
  assertDocument("run", document);
  return document;
}

export interface Scratch {
  readonly folder: string;
  readonly repository: ScratchRepository;
  readonly gate: (...args: readonly string[]) => Promise<CliResult>;
}

/** Each test has a repository of its own. */
export function inRepository(work: (scratch: Scratch) => Promise<void>): () => Promise<void> {
  return () =>
    withFolder((folder) => {
      const repository = makeRepository(join(folder, "repository"));
      const gate: Scratch["gate"] = (...args) =>
        runHere(["gate", ...args, "--out", join(folder, "results")], { cwd: repository.path });
      return work({ folder, repository, gate });
    });
}
