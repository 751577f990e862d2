/**
 * Flags that every measuring command has.
 */
import type { Command } from "commander";
import type { RunOptions } from "./execute-run.js";

export function addOutputFlags(command: Command): Command {
  return command
    .option("--json", "print the run document on stdout, and nothing else there")
    .option("--out <dir>", "folder for results", "results")
    .option("--explain", "say of every verdict what it rests on, and what would settle it");
}

export function readOutputFlags(options: Readonly<Record<string, unknown>>): RunOptions {
  return { json: options.json === true, out: String(options.out), explain: options.explain === true };
}
