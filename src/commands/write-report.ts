/** Where `-o FILE` goes. */
import { writeFileSync } from "node:fs";
import { EnvironmentError, messageOf } from "../base/errors.js";

/** @throws EnvironmentError when it cannot be written */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (thrown) {
    throw new EnvironmentError(`Cannot write the report ${file}: ${messageOf(thrown)}`);
  }
}
