import assert from "node:assert/strict";
import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { makeFolder } from "#wsrally/base/make-folder.js";
import { withFolder } from "../support/with-folder.js";

const what = "the folder";

describe("makeFolder()", () => {
  it("makes what is missing, and nothing where all is there", async () => {
    await withFolder(async (folder) => {
      const path = join(folder, "a", "b", "c");
      for (let round = 0; round < 2; round++) {
        makeFolder(path, { what, mode: 0o700 });
        for (const part of ["a", "a/b", "a/b/c"])
          assert.equal(statSync(join(folder, part)).mode & 0o777, 0o700);
      }
      symlinkSync(path, join(folder, "link"));
      makeFolder(join(folder, "link", "d"), { what });
      assert.ok(statSync(join(path, "d")).isDirectory());
      makeFolder("/", { what });
    });
  });

  it("says what stands in the way, and ends", async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, "file"), "");
      symlinkSync("circle", join(folder, "circle"));
      symlinkSync("nowhere", join(folder, "dangling"));
      mkdirSync(join(folder, "there"));
      const long = "x".repeat(300);
      const rows: readonly (readonly [path: string, trouble: string])[] = [
        ["/proc/nowhere", "/proc takes no new folders"],
        ["/proc/nowhere/x/y", "/proc takes no new folders"],
        ["/dev/null/x/y", "/dev/null is no folder"],
        [join(folder, "file"), `${join(folder, "file")} is no folder`],
        [join(folder, "file/x/y"), `${join(folder, "file")} is no folder`],
        [join(folder, "dangling"), `${join(folder, "dangling")} is no folder`],
        [join(folder, "circle/x"), "symbolic links on its way lead round in a circle"],
        [join(folder, `there/${long}/x`), "its name is longer than the file system takes"],
        [`/${"x/".repeat(5000)}`, "its name is longer than the file system takes"],
      ];
      for (const [path, trouble] of rows)
        assert.throws(
          () => makeFolder(path, { what, cure: "choose another" }),
          (error) =>
            error instanceof EnvironmentError &&
            error.message === `Cannot make the folder ${path}: ${trouble}; choose another`,
          path.slice(0, 60),
        );
    });
  });
});
