/**
 * `npm run new-proxy`, run in a copy of the tree: what it writes compiles, is as tidy as the rest, and leaves to its contract only
 * what nobody but its author can know.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { withFolder } from "./support/with-folder.js";

const copied = [
  "src",
  "test",
  "tools",
  "bench",
  "schemas",
  "scenarios",
  "docs",
  "man",
  "templates",
  "package.json",
  "CHANGELOG.md",
  "tsconfig.json",
  "biome.json",
];

/** A proxy without a driver. */
const [kind, title] = ["squid", "Squid"];

async function inCopy(work: (folder: string) => Promise<void> | void): Promise<void> {
  await withFolder(async (folder) => {
    for (const name of copied) cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    execFileSync("git", ["init", "-q"], { cwd: folder });
    await work(folder);
  });
}

describe("npm run new-proxy", () => {
  it("writes a driver that compiles, is listed, and fails its contract for want of its program alone", async () => {
    await inCopy((folder) => {
      const run = (...command: readonly string[]): string => {
        const [program = "", ...args] = command;
        const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
        assert.equal(status, 0, `${command.join(" ")}: ${stdout}${stderr}`);
        return stdout;
      };
      const written = run("node", "tools/new-proxy.js", kind, title).split("\n");
      assert.ok(written.includes(`src/proxy/${kind}/driver.ts`), written.join("\n"));
      assert.match(
        readFileSync(join(folder, `src/proxy/${kind}/driver.ts`), "utf8"),
        new RegExp(`"${title}"`),
      );
      run("npm", "run", "--silent", "build");
      run("npx", "tsc", "-p", "test/tsconfig.json");
      run("npx", "biome", "check", "src", "test/proxy");
      const list = run("node", "dist/cli.js", "proxies");
      assert.match(list, new RegExp(`^${kind} +- +not found`, "m"));
      const { status, stderr } = spawnSync("node", ["dist/cli.js", "run", kind, "--connections", "1"], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, PATH: "/usr/bin:/bin" },
      });
      assert.equal(status, 3, stderr);
      assert.match(stderr, new RegExp(`No ${title} found: install it with the system's package manager`));
      const again = spawnSync("node", ["tools/new-proxy.js", kind], { cwd: folder, encoding: "utf8" });
      assert.equal(again.status, 2);
      assert.match(again.stderr, new RegExp(`src/proxy/${kind} is there already`));
    });
  });

  for (const name of ["", "Traefik", "a b", "../x", "nginx"]) {
    it(`refuses ${JSON.stringify(name)} and writes nothing`, () => {
      const { status, stderr } = spawnSync("node", ["tools/new-proxy.js", name], { encoding: "utf8" });
      assert.equal(status, 2);
      assert.match(stderr, /^Cannot write a driver: /);
    });
  }
});
