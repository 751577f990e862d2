import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readCiCommit, readGitState } from "#wsrally/results/source-state.js";
import { createScratchRepository } from "../support/scratch-repository.js";
import { withFolder } from "../support/with-folder.js";

describe("readGitState()", () => {
  it("follows a repository from its beginning: no commit, clean, changed, no branch", async () => {
    await withFolder(async (folder) => {
      assert.equal(readGitState(folder), null);
      const { git, commitAll } = createScratchRepository(folder);
      assert.deepEqual(readGitState(folder), { commit: null, dirty: false, branch: "main" });
      const file = join(folder, "a.conf");
      writeFileSync(file, "events {}\n");
      const commit = commitAll("first");
      assert.deepEqual(readGitState(folder), { commit, dirty: false, branch: "main" });
      writeFileSync(join(folder, "new"), "not tracked");
      assert.equal(readGitState(folder)?.dirty, false);
      writeFileSync(file, "events { }\n");
      assert.deepEqual(readGitState(folder), { commit, dirty: true, branch: "main" });
      git("checkout", "-q", "--detach");
      assert.deepEqual(readGitState(folder), { commit, dirty: true, branch: null });
    });
  });

  it("starts no program that the repository names", async () => {
    await withFolder(async (folder) => {
      const { git, commitAll } = createScratchRepository(folder);
      commitAll("first");
      git("config", "core.fsmonitor", "touch started; true");
      readGitState(folder);
      assert.ok(!existsSync(join(folder, "started")));
    });
  });
});

describe("readCiCommit()", () => {
  const sha = "0123456789abcdef0123456789abcdef01234567";

  for (const [service, env, branch] of [
    ["GitHub, a push", { GITHUB_SHA: sha, GITHUB_REF_NAME: "main", GITHUB_HEAD_REF: "" }, "main"],
    [
      "GitHub, a pull request",
      { GITHUB_SHA: sha, GITHUB_REF_NAME: "7/merge", GITHUB_HEAD_REF: "fix" },
      "fix",
    ],
    ["GitLab", { CI_COMMIT_SHA: sha, CI_COMMIT_REF_NAME: "main" }, "main"],
    ["Jenkins without a branch", { GIT_COMMIT: sha }, null],
  ] as const) {
    it(`reads ${service}`, () => assert.deepEqual(readCiCommit(env), { commit: sha, branch }));
  }

  it("takes nothing that is no hash, and nothing where nothing is", () => {
    assert.equal(readCiCommit({}), null);
    assert.equal(readCiCommit({ GITHUB_SHA: "\u001b[31m", CI_COMMIT_SHA: "" }), null);
  });
});
