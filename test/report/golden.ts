/** Golden files: what a command or a renderer printed when somebody last looked at it and found it good. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Compares with `test/golden/NAME.txt`; `UPDATE_GOLDEN=1` writes it instead. */
export function assertGolden(name: string, actual: string): void {
  const path = join("test", "golden", `${name}.txt`);
  if (process.env.UPDATE_GOLDEN === "1") {
    writeFileSync(path, actual);
    return;
  }
  assert.equal(actual, readFileSync(path, "utf8"), `${path} differs: UPDATE_GOLDEN=1 rewrites it`);
}
