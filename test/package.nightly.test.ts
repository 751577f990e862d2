/**
 * The package as a user gets it: npm installs for half a minute, so that of the usual commands `.ci/run` alone runs this.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { withFolder } from "./support/with-folder.js";

describe("the package", () => {
  it("has what users need, and nothing else", () => {
    const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const [packed] = JSON.parse(
      execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    const paths: string[] = packed.files.map(({ path }: { path: string }) => path);
    const tops = new Set(paths.map((path) => path.split("/")[0]));
    assert.deepEqual(
      [...tops].sort(),
      ["CHANGELOG.md", "LICENSE", "README.md", "dist", "man", "package.json", "scenarios", "schemas"].sort(),
    );
    assert.deepEqual(
      paths.filter((path) => /\.d\.ts$|\.map$|\.test\.js$|\.tsbuildinfo$/.test(path)),
      [],
    );
    const built = readdirSync("dist", { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.deepEqual(
      paths.filter((path) => path.startsWith("dist/")).sort(),
      built.map(({ parentPath, name }) => join(parentPath, name)).sort(),
    );
    // Libraries' code travels with it, and so must their licenses.
    const licenses = readFileSync("dist/third-party-licenses.txt", "utf8");
    for (const library of ["@opentelemetry/sdk-metrics", "yaml", "zod"])
      assert.match(licenses, new RegExp(`^${library} [0-9.]+ \\(`, "m"));
    assert.match(
      readFileSync("dist/report/html/page.js", "utf8"),
      /uPlot[\s\S]*Permission is hereby granted/,
    );
  });

  it("installed from its tarball into an empty folder, runs the smoke scenario", {
    timeout: 240_000,
  }, async () => {
    await withFolder(async (folder) => {
      // npm sets npm_config_* for its scripts, which would make this npm work on this package.
      const env = Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")),
      );
      const npm = (args: readonly string[], cwd: string): string =>
        execFileSync("npm", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      // A copy, because packing builds, and a build must not pull dist/ from under the other tests.
      const copy = join(folder, "copy");
      for (const name of [
        "package.json",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "dist",
        "man",
        "scenarios",
        "schemas",
      ]) {
        cpSync(name, join(copy, name), { recursive: true });
      }
      npm(["pack", "--ignore-scripts", "--pack-destination", folder], copy);
      const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "";
      const empty = join(folder, "empty");
      cpSync(copy, empty, { recursive: true, filter: (source) => source === copy });
      writeFileSync(join(empty, "package.json"), "{}");
      npm(["install", "--no-audit", "--no-fund", join(folder, tarball)], empty);
      const args = ["wsrally", "run", "smoke", "--connections", "10", "--blocks", "1", "--json"];
      const document = JSON.parse(
        execFileSync("npx", args, { cwd: empty, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
      );
      assert.equal(document.status, "complete");
      assert.equal(document.arms.length, 2);
      const files = npm(["ls", "--all", "--parseable"], empty);
      assert.match(files, /node_modules\/wsrally$/m);
    });
  });
});
