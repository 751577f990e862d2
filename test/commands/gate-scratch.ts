/** `wsrally gate` in a scratch git repository, and what it prints as a document. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { GateResult } from "#wsrally/results/gate-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
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
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const check = ajv.compile(JSON.parse(readFileSync("schemas/run.schema.json", "utf8")));
  assert.ok(check(document), JSON.stringify(check.errors?.slice(0, 3)));
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
