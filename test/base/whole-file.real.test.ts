import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { appendWhole, replaceFile } from "#wsrally/base/whole-file.js";
import { withFolder } from "../support/with-folder.js";

/** Runs an expression with `files`, the module, where no file may be longer than 4,096 bytes. @returns the code it failed with */
function limited(expression: string): string {
  const script =
    `import * as files from ${JSON.stringify(resolve("build/base/whole-file.js"))};` +
    `try { ${expression}; console.log("done") } catch (error) { console.log(error.code) }`;
  const inner = `ulimit -f 8; exec "$0" --input-type=module -e "$1"`;
  return execFileSync("sh", ["-c", inner, process.execPath, script], { encoding: "utf8" }).trim();
}

describe("whole files", () => {
  it("are replaced, or stay as they were and leave nothing beside", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "file");
      replaceFile(file, "one");
      replaceFile(file, "two");
      const code = limited(`files.replaceFile(${JSON.stringify(file)}, "x".repeat(9000))`);
      assert.equal(code, "EFBIG");
      assert.equal(readFileSync(file, "utf8"), "two");
      assert.deepEqual(readdirSync(folder), ["file"]);
    });
  });

  it("get all that is added, or nothing", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "file");
      appendWhole(file, "one");
      appendWhole(file, "two");
      assert.equal(limited(`files.appendWhole(${JSON.stringify(file)}, "x".repeat(9000))`), "EFBIG");
      assert.equal(readFileSync(file, "utf8"), "onetwo");
    });
  });

  it("are not written where something else is in the way", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "file");
      mkdirSync(file);
      writeFileSync(join(file, "inside"), "");
      assert.throws(() => replaceFile(file, "text"), /EISDIR|ENOTEMPTY|EEXIST/);
      assert.deepEqual(readdirSync(folder), ["file"]);
    });
  });
});
