/**
 * Completion as the shells themselves see it, where they are installed: what each offers for a line is asked of it.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findOnPath } from "#wsrally/base/owned-process.js";
import { commandList } from "#wsrally/commands/command-list.js";
import { skipLacking } from "../support/lacking.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { offeredBy, type Shell, shells } from "./ask-shells.js";

const scriptFor = async (shell: string): Promise<string> => {
  const { code, stdout, stderr } = await runHere(["completion", shell]);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
};

type Row = readonly [line: string, offered: string];

const rows: readonly Row[] = [
  ["wsrally pro", "probe proxies"],
  ["wsrally --ver", "--version"],
  ["wsrally run smo", "smoke"],
  ["wsrally run --busy", "--busy-poll"],
  ["wsrally run --engine ", "auto epoll io_uring ws"],
  ["wsrally compare nginx --set proxy_bufferi", "proxy_buffering="],
  ["wsrally proxies ins", "install"],
  ["wsrally proxies install ha", "haproxy"],
  ["wsrally rollout nginx --event reload-", "reload-same"],
  ["wsrally report --format ht", "html"],
  ["wsrally report la", "latest"],
  ["wsrally baseline save 2026", "2026-01-01T10-00-00-smoke-aaaa"],
  ["wsrally init gi", "github gitlab"],
  ["wsrally completion f", "fish"],
];

/** What each has its own way with: a file behind a kind, and values that can be anything. */
const own: Readonly<Record<Shell, readonly Row[]>> = {
  // Bash makes words of = and : themselves.
  bash: [
    ["wsrally run --engine = ep", "epoll"],
    ["wsrally run nginx : old", "old.conf"],
    ["wsrally run --duration ", ""],
  ],
  zsh: [["wsrally run nginx:old", "old.conf"]],
  fish: [["wsrally run nginx:old", "nginx:old.conf"]],
};

describe("wsrally completion", () => {
  for (const shell of shells) {
    it(`offers commands, flags, values, arms, scenarios and stored runs in ${shell}, and runs nothing that a folder is named`, async (test) => {
      if (findOnPath(shell) === null) return skipLacking(test, `${shell} is not installed`);
      const script = await scriptFor(shell);
      await withFolder(async (folder) => {
        for (const id of ["2026-01-01T10-00-00-smoke-aaaa", "$(touch run)"]) {
          mkdirSync(join(folder, "results", id), { recursive: true });
          writeFileSync(join(folder, "results", id, "run.json"), "{}");
        }
        writeFileSync(join(folder, "old.conf"), "");
        const wanted = [...rows, ...own[shell]];
        const offered = offeredBy(shell, { script, folder, lines: wanted.map(([line]) => line) });
        assert.deepEqual(
          wanted.map(([line], index) => [line, offered[index]?.join(" ")]),
          wanted,
        );
        assert.equal(existsSync(join(folder, "run")), false);
      });
    });

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
