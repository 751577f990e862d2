/**
 * The manual pages that travel in the package: one a command, with all of its flags, in roff that its own readers take without a
 * warning where one is installed.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findOnPath } from "#wsrally/base/owned-process.js";
import { commandList } from "#wsrally/commands/command-list.js";
import { skipLacking } from "../support/lacking.js";

const pages = readdirSync("man").sort();
const textOf = (page: string): string => readFileSync(join("man", page), "utf8");

/** Each says what is wrong with a page, and nothing of a good one. */
const readers: readonly {
  readonly program: string;
  readonly args: readonly string[];
  readonly inCi: boolean;
}[] = [
  { program: "groff", args: ["-man", "-Tutf8", "-Kutf8", "-ww", "-z"], inCi: true },
  { program: "mandoc", args: ["-Tlint", "-Wwarning"], inCi: false },
];

describe("the manual pages", () => {
  it("are one of each command, and all of them in the package", () => {
    const names = ["wsrally", ...commandList.map(({ name }) => `wsrally-${name}`)].map((name) => `${name}.1`);
    assert.deepEqual(pages, names.sort());
    const { man, files } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.deepEqual(
      man,
      pages.map((page) => `man/${page}`),
    );
    assert.ok(files.includes("man"));
  });

  it("tell of flags and exit codes, and use nothing but the macros for it", () => {
    for (const page of pages) {
      const text = textOf(page);
      assert.match(text, /^\.TH WSRALLY/);
      assert.match(text, /^\.SH "?EXIT STATUS"?$/m);
      const requests = [...text.matchAll(/^[.'](\S*)/gm)].map(([, request = ""]) => request);
      const known = new Set(["TH", "SH", "SS", "TP", "B", "I", "RI", "nf", "fi", "sp"]);
      assert.deepEqual(
        requests.filter((request) => !known.has(request)),
        [],
        page,
      );
    }
    assert.match(textOf("wsrally-gate.1"), /^\.B \\-\\-baseline <config>$/m);
    assert.match(textOf("wsrally-proxies.1"), /^\.B \\-\\-if\\-missing$/m);
  });

  for (const { program, args, inCi } of readers) {
    it(`are read by ${program} without a word`, (test) => {
      const lacks = `${program} is not installed`;
      if (findOnPath(program) === null) return inCi ? skipLacking(test, lacks) : test.skip(lacks);
      const { status, stdout, stderr } = spawnSync(
        program,
        [...args, ...pages.map((page) => join("man", page))],
        {
          encoding: "utf8",
        },
      );
      assert.deepEqual([status, stdout, stderr], [0, "", ""]);
    });
  }
});
