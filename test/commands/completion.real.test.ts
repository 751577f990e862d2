/**
 * Completion as the shells themselves see it. What bash offers is asked of bash; zsh and fish read their scripts.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findOnPath } from "#wsrally/base/owned-process.js";
import { commandList } from "#wsrally/commands/command-list.js";
import { skipLacking } from "../support/lacking.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const scriptFor = async (shell: string): Promise<string> => {
  const { code, stdout, stderr } = await runHere(["completion", shell]);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
};

/** Prints what the function offers for each line; its last word is the one being typed. */
const driver = `
source ./wsrally.bash
while IFS= read -r line; do
  read -ra COMP_WORDS <<< "$line"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _wsrally
  echo "\${COMPREPLY[*]}"
done
`;

const lines: readonly (readonly [line: string, offered: string])[] = [
  ["wsrally pro", "probe proxies"],
  ["wsrally --ver", "--version"],
  ["wsrally run smo", "smoke"],
  ["wsrally run --busy", "--busy-poll"],
  ["wsrally run --engine ", "auto io_uring epoll ws"],
  // Bash makes words of = and : themselves.
  ["wsrally run --engine = ep", "epoll"],
  ["wsrally run nginx : old", "old.conf"],
  ["wsrally run --duration ", ""],
  ["wsrally compare nginx --set proxy_bufferi", "proxy_buffering="],
  ["wsrally proxies ins", "install"],
  ["wsrally proxies install ha", "haproxy"],
  ["wsrally rollout nginx --event reload-", "reload-same"],
  ["wsrally report --format ht", "html"],
  ["wsrally report la", "latest"],
  ["wsrally baseline save 2026", "2026-01-01T10-00-00-smoke-aaaa"],
  ["wsrally completion f", "fish"],
];

describe("wsrally completion", () => {
  it("bash offers commands, flags, values, arms, scenarios and stored runs, and runs nothing that a folder is named", async () => {
    const script = await scriptFor("bash");
    await withFolder(async (folder) => {
      for (const id of ["2026-01-01T10-00-00-smoke-aaaa", "$(touch run)"]) {
        mkdirSync(join(folder, "results", id), { recursive: true });
        writeFileSync(join(folder, "results", id, "run.json"), "{}");
      }
      writeFileSync(join(folder, "old.conf"), "");
      writeFileSync(join(folder, "wsrally.bash"), script);
      const input = lines.map(([line]) => `${line}\n`).join("");
      const options = { cwd: folder, input, encoding: "utf8" } as const;
      const offered = execFileSync("bash", ["--norc", "-c", driver], options).split("\n");
      assert.deepEqual(
        lines.map(([line], index) => [line, offered[index]]),
        lines,
      );
      assert.throws(() => execFileSync("ls", [join(folder, "run")], { stdio: "ignore" }));
    });
  });

  for (const shell of ["bash", "zsh", "fish"]) {
    it(`names every command for ${shell}, in a script that it can read`, async (test) => {
      const script = await scriptFor(shell);
      for (const { name, summary } of commandList) {
        assert.match(script, new RegExp(`\\b${name}\\b`));
        if (shell !== "bash")
          assert.ok(script.includes(summary.replace(/'/g, shell === "zsh" ? "'\\''" : "\\'")), name);
      }
      if (findOnPath(shell) === null) return skipLacking(test, `${shell} is not installed`);
      await withFolder(async (folder) => {
        const file = join(folder, "wsrally.script");
        writeFileSync(file, script);
        execFileSync(shell, ["-n", file], { stdio: ["ignore", "ignore", "pipe"] });
      });
    });
  }

  it("refuses another shell with the three that there are", async () => {
    const { code, stderr } = await runHere(["completion", "powershell"]);
    assert.equal(code, 2);
    assert.match(stderr, /Allowed choices are bash, zsh, fish/);
  });
});
