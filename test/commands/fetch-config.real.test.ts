import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { asGitPath, fetchConfig } from "#wsrally/commands/gate/fetch-config.js";
import { namedFiles } from "#wsrally/proxy/nginx/language/named-files.js";
import { configFile, makeRepository, type ScratchRepository, snippetFile } from "./gate-repository.js";

describe("fetchConfig()", () => {
  const home = process.cwd();
  let folder = "";
  let repository: ScratchRepository;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wsrally-test-"));
    repository = makeRepository(join(folder, "repository"));
    process.chdir(repository.path);
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  let count = 0;
  const fetch = async (text: string) => {
    const into = join(folder, `fetched-${count++}`);
    const path = asGitPath(text);
    assert.ok(path !== null);
    return {
      into,
      ...(await fetchConfig(path, { folder: into, namedFiles, signal: new AbortController().signal })),
    };
  };
  const commit = (): void => {
    repository.git("add", "-A");
    repository.git("commit", "-qm", "x");
  };

  it("brings the config, its includes by pattern, and nothing else", async () => {
    repository.write("deploy/snippets/other.conf", "# not included\n");
    repository.write("README.md", "x");
    commit();
    const { file, files, into } = await fetch(`change:${configFile}`);
    assert.equal(file, join(into, configFile));
    assert.deepEqual(
      [...files.configs.keys()],
      ["nginx.conf", "snippets/upgrade.conf", "snippets/websocket.conf"],
    );
    assert.equal(existsSync(join(into, "README.md")), false);
    assert.equal(
      readFileSync(join(into, snippetFile), "utf8"),
      repository.git("show", `main:${snippetFile}`),
    );
  });

  it("reads the ref and not the working tree, and leaves the tree and the index as they are", async () => {
    repository.change(snippetFile, () => "# changed\n");
    repository.git("add", "-A");
    const before = repository.git("status", "--porcelain");
    const { into } = await fetch(`main:${configFile}`);
    assert.doesNotMatch(readFileSync(join(into, snippetFile), "utf8"), /# changed/);
    assert.equal(repository.git("status", "--porcelain"), before);
    repository.git("reset", "-q", "--hard");
  });

  it("brings certificates that the config names, and includes of the folder it is deployed to", async () => {
    repository.write("deploy/tls/site.crt", "certificate");
    repository.write(
      "deploy/tls.conf",
      "http { include /etc/nginx/snippets/upgrade.conf; include none/*.conf; ssl_certificate tls/site.crt; }",
    );
    commit();
    const { files } = await fetch("change:deploy/tls.conf");
    assert.deepEqual([...files.configs.keys()], ["tls.conf", "snippets/upgrade.conf"]);
    assert.deepEqual(
      [...files.others].map(([name, data]) => [name, String(data)]),
      [["tls/site.crt", "certificate"]],
    );
  });

  it("follows links within the repository, and no link that leads out of it", async () => {
    repository.write("shared/real.conf", "# real\n");
    symlinkSync("../shared/real.conf", join(repository.path, "deploy/linked.conf"));
    symlinkSync("/etc/hostname", join(repository.path, "deploy/absolute.conf"));
    symlinkSync("../../../etc/hostname", join(repository.path, "deploy/above.conf"));
    repository.write("deploy/links.conf", "include linked.conf; include absolute.conf; include above.conf;");
    commit();
    const { files, into } = await fetch("change:deploy/links.conf");
    assert.deepEqual(
      [...files.configs],
      [
        ["links.conf", "include linked.conf; include absolute.conf; include above.conf;"],
        ["linked.conf", "# real\n"],
      ],
    );
    assert.equal(existsSync(join(into, "deploy/absolute.conf")), false);
  });

  it("brings a text that is no config as it is, for nginx to refuse", async () => {
    repository.write("deploy/bad.conf", "http { include x;");
    commit();
    assert.deepEqual([...(await fetch("change:deploy/bad.conf")).files.configs.keys()], ["bad.conf"]);
  });

  it("takes for a ref what has a colon and is no file", () => {
    repository.write("a:b", "x");
    assert.equal(asGitPath("a:b"), null);
    assert.equal(asGitPath(configFile), null);
    assert.deepEqual(asGitPath("v1.2:x:y"), { ref: "v1.2", path: "x:y" });
  });

  it("counts paths from the root, or from here with ./", async () => {
    process.chdir(join(repository.path, "deploy"));
    try {
      assert.equal((await fetch("main:./nginx.conf")).files.configs.size, 3);
      await assert.rejects(
        fetch("main:nginx.conf"),
        /want main:deploy\/nginx\.conf, or main:\.\/nginx\.conf/,
      );
      await assert.rejects(fetch("main:../../x"), /Cannot find \.\.\/x at main/);
    } finally {
      process.chdir(repository.path);
    }
  });
});
