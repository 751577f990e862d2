/** The files by which a step of GitHub Actions hands over its summary and its outputs. */

import { randomUUID } from "node:crypto";
import { appendFileSync, statSync } from "node:fs";
import { codeOf } from "../../base/errors.js";

/** GitHub leaves a step's whole summary out when it is larger. */
const summaryMost = 1024 * 1024;

/**
 * @param text Markdown, under GitHub's limit by itself
 * @returns false when the summary of this step has no room left for it
 * @throws the system's error when it cannot be written
 */
export function appendSummary(file: string, text: string): boolean {
  const used = sizeOf(file);
  if (used + Buffer.byteLength(text) + 1 > summaryMost) return false;
  appendFileSync(file, `${text}\n`);
  return true;
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return 0;
    throw thrown;
  }
}

/**
 * Each between delimiters of its own that nobody can guess, so that no value can bring a second output.
 * @throws the system's error when it cannot be written
 */
export function appendOutputs(file: string, outputs: Readonly<Record<string, string>>): void {
  const text = Object.entries(outputs).map(([name, value]) => {
    const delimiter = `wsrally_${randomUUID()}`;
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  appendFileSync(file, text.join(""));
}
