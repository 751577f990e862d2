/** Configs that are out to keep a gate busy: each ends it soon, in words, and with nothing left running. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type CliResult, runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

function configWith(line: string): string {
  return `events {}
http {
  server {
    listen 80;
    ${line}
    location /sock {
      proxy_pass http://app:1;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }
  }
}
`;
}

const lua = "events {} http { server { listen 80; location /sock { content_by_lua_block { ";

/** Name, text, exit code, and what is said. A config that nginx would not read is a failed gate; the rest nobody's. */
const texts: readonly (readonly [name: string, text: string, code: number, words: RegExp])[] = [
  ["blocks nested 100,000 deep", `${"http{".repeat(1e5)}${"}".repeat(1e5)}`, 20, /nested more than 100 deep/],
  ["a word of 3 MB", `events {} http { set $x ${"a".repeat(3e6)}; }`, 20, /too long parameter/],
  ["a word of 10 MB", `events {} http { set $x ${"a".repeat(1e7)}; }`, 2, /comes to more than 4 MiB/],
  ["a string that does not end", `events {} http { set $x "${"\\a".repeat(1.5e6)}`, 20, /expecting " or/],
  ["Lua brackets that do not end", `${lua}${"[".repeat(3e6)}`, 20, /unexpected end of file/],
  ["Lua strings that do not end", `${lua}${'\\"'.repeat(1.5e6)}`, 20, /unexpected end of file/],
  ["100,000 pairs", `events {} http { map $a $b { ${"a b;".repeat(1e5)} } }`, 20, /no server of the config/],
  ["100,000 words", `events {} http { map $a $b { ${"a ".repeat(1e5)}; } }`, 20, /no server of the config/],
];

describe("a gate whose config is out to keep it busy", () => {
  for (const [name, text, code, words] of texts) {
    it(`ends: ${name}`, async () => {
      await withFolder(async (folder) => {
        writeFileSync(join(folder, "nginx.conf"), text);
        const result = await gate(folder, "nginx.conf");
        assert.equal(result.code, code, result.stderr);
        assert.match(result.stdout + result.stderr, words);
      });
    });
  }

  it("ends: folders, pipes, devices and a gigabyte, as config, include and certificate", async () => {
    await withFolder(async (folder) => {
      mkdirSync(join(folder, "folder"));
      writeFileSync(join(folder, "big"), "");
      truncateSync(join(folder, "big"), 2 ** 30);
      execFileSync("mkfifo", [join(folder, "pipe")]);
      const rows: readonly (readonly [file: string, words: RegExp])[] = [
        ["folder", /Cannot read the nginx config folder: it is a folder/],
        ["pipe", /Cannot read the nginx config pipe: it is a pipe or a device; want a file/],
        ["/dev/zero", /Cannot read the nginx config \/dev\/zero: it is/],
        ["big", /comes to more than 4 MiB/],
      ];
      for (const [file, words] of rows) {
        const { code, stderr } = await gate(folder, file);
        assert.equal(code, 2, stderr);
        assert.match(stderr, words);
      }
      const { code, stderr } = await runHere(["probe", "nginx:pipe"], { cwd: folder });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /it is a pipe or a device/);
      for (const [line, end] of [
        ["include folder;", 20],
        ["include big;", 2],
        // Empty, as nginx finds /dev/null.
        ["include pipe;", 0],
        ["ssl_certificate pipe; ssl_certificate_key pipe;", 0],
        ["location /p { auth_basic x; auth_basic_user_file pipe; }", 0],
      ] as const) {
        writeFileSync(join(folder, "nginx.conf"), configWith(line));
        const result = await gate(folder, "nginx.conf");
        assert.equal(result.code, end, line + result.stderr);
      }
    });
  });

  it("takes a long word for what it is", async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, "nginx.conf"), configWith(`add_header X ${"a".repeat(3000)};`));
      const { code, stderr } = await gate(folder, "nginx.conf");
      assert.equal(code, 0, stderr);
    });
  });

  it("fails for an expression that nginx gives up on at every handshake", async () => {
    const line = `set $long ${"a".repeat(3000)}!; if ($long ~ "^(a+)+$") { return 403; }`;
    await withFolder(async (folder) => {
      writeFileSync(join(folder, "nginx.conf"), configWith(line));
      const { code, stdout, stderr } = await gate(folder, "nginx.conf");
      assert.equal(code, 20, stderr);
      assert.match(stdout, /answered with 500 before the backend sees it/);
    });
  });

  it("does not go beyond its budget with one that takes long and matches nothing", async () => {
    await withFolder(async (folder) => {
      const slow = `set $long ${"a".repeat(21)}!; if ($long ~ "^(a+)+$") { return 403; }`;
      writeFileSync(join(folder, "nginx.conf"), configWith(""));
      writeFileSync(join(folder, "slow.conf"), configWith(slow));
      const args = [
        "gate",
        "--baseline",
        "nginx.conf",
        "--candidate",
        "slow.conf",
        "--budget",
        "5s",
        "--connections",
        "100",
        "--json",
      ];
      const { code, stdout, stderr } = await runCli([...args, "--out", "results"], { cwd: folder });
      assert.ok([20, 21].includes(code ?? -1), stderr);
      const { outcome, reasons, usedS } = JSON.parse(stdout).gate;
      assert.notEqual(outcome, "passed");
      assert.ok(reasons.length > 0);
      // Beside other tests what is under way may take a moment more.
      assert.ok(usedS <= 5 * 1.3, `${usedS} s`);
    });
  });
});

function gate(cwd: string, file: string, ...more: readonly string[]): Promise<CliResult> {
  return runHere(["gate", "--no-baseline", "--candidate", file, "--out", "results", ...more], { cwd });
}
