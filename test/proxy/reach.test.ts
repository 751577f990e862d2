import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { rootOf } from "#wsrally/proxy/reach/confinement.js";
import { globFiles } from "#wsrally/proxy/reach/glob-files.js";
import { createReach } from "#wsrally/proxy/reach/reach.js";
import { withFolder } from "../support/with-folder.js";

/** "in/" may be read, "beside/" not. */
async function withFiles(test: (folder: string) => void): Promise<void> {
  await withFolder(async (folder) => {
    for (const path of ["in/sub", "in/.git", "in/sub/.GIT", "beside"])
      mkdirSync(join(folder, path), { recursive: true });
    for (const path of [
      "in/a.conf",
      "in/sub/b.conf",
      "in/.git/config",
      "in/sub/.GIT/config",
      "beside/secret.conf",
    ])
      writeFileSync(join(folder, path), "");
    const links: readonly (readonly [from: string, to: string])[] = [
      ["in/link.conf", "sub/b.conf"],
      ["in/up", ".."],
      ["in/out.conf", "../beside/secret.conf"],
      ["in/dangling.conf", "../beside/none.conf"],
      ["in/circle", "circle"],
      ["in/git.conf", ".git/config"],
      ["in/nowhere.conf", "none.conf"],
      ["alias", "in"],
    ];
    for (const [from, to] of links) symlinkSync(to, join(folder, from));
    symlinkSync(join(folder, "in/a.conf"), join(folder, "in/absolute.conf"));
    test(folder);
  });
}

describe("createReach()", () => {
  it("follows links of files and folders, and takes for outside what leads out, there or not", async () => {
    await withFiles((folder) => {
      const reach = createReach([{ path: join(folder, "in"), tracked: null }]);
      const rows: readonly (readonly [path: string, found: string | null, isOutside: boolean])[] = [
        ["in", "in", false],
        ["in/a.conf", "in/a.conf", false],
        ["in/none.conf", null, false],
        ["in/..a", null, false],
        ["in/a.conf/x", null, false],
        ["in/link.conf", "in/sub/b.conf", false],
        ["in/absolute.conf", "in/a.conf", false],
        ["in/nowhere.conf", null, false],
        ["in/circle", null, false],
        ["in/out.conf", null, true],
        ["in/dangling.conf", null, true],
        ["in/up/beside/secret.conf", null, true],
        ["in/up/beside/none.conf", null, true],
        ["in/up/in/a.conf", "in/a.conf", false],
        ["in/../beside/secret.conf", null, true],
        ["in/../beside/none.conf", null, true],
        ["inside", null, true],
        ["alias/a.conf", null, true],
        ["in/.git/config", null, false],
        ["in/.git/none", null, false],
        ["in/git.conf", null, false],
        ["in/sub/.GIT/config", null, false],
      ];
      for (const [path, found, isOutside] of rows) {
        const expected = found === null ? null : join(folder, found);
        assert.equal(reach.fileAt(join(folder, path)), expected, path);
        assert.equal(reach.isOutside(join(folder, path)), isOutside, path);
      }
      const byAlias = createReach([{ path: join(folder, "alias"), tracked: null }]);
      assert.equal(byAlias.fileAt(join(folder, "in/link.conf")), join(folder, "alias/sub/b.conf"));
      assert.equal(byAlias.fileAt(join(folder, "alias/absolute.conf")), join(folder, "alias/a.conf"));
    });
  });

  it("shows a pattern what may be read, and hands what leads out back as well", async () => {
    await withFiles((folder) => {
      const reach = createReach([{ path: join(folder, "in"), tracked: null }]);
      const rows: readonly (readonly [pattern: string, found: readonly string[]])[] = [
        ["in/*.conf", ["a", "absolute", "dangling", "link", "out"].map((name) => `in/${name}.conf`)],
        ["in/s*/*.conf", ["in/sub/b.conf"]],
        ["in/.g*/config", []],
        ["in/sub/.*/config", []],
        ["beside/*", []],
        ["in/up/*", []],
        ["in/u*/beside/*", []],
        ["*/a.conf", []],
      ];
      for (const [pattern, found] of rows)
        assert.deepEqual(
          globFiles(join(folder, pattern), reach),
          found.map((path) => join(folder, path)),
          pattern,
        );
    });
  });

  it("has everything for a user's own config", async () => {
    await withFiles((folder) => {
      const reach = createReach(null);
      assert.equal(reach.fileAt(join(folder, "in/out.conf")), join(folder, "in/out.conf"));
      assert.equal(reach.fileAt(join(folder, "in/dangling.conf")), null);
      assert.ok(!reach.isOutside("/nowhere"));
      assert.equal(rootOf(join(folder, "in/deploy/x.conf")), join(folder, "in"));
    });
  });
});
