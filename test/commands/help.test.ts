/**
 * Every command's help on terminals of three widths: whole words, no line wider than the terminal, and a column of flags that
 * leaves room for what they are for. The commands are those of the list, so that a new one is held to it too.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Command } from "commander";
import { commandList } from "#wsrally/commands/command-list.js";
import { layExamples } from "#wsrally/commands/help-page.js";
import { runHere } from "../support/run-here.js";

const widths = [60, 80, 120];
/** Columns that a text needs to be more than a list of words. */
const leastText = 36;

const { stdout, stderr } = process;
const context = {
  terminal: { stdout, stderr, env: {}, issueCommand: () => undefined },
  signal: new AbortController().signal,
  argv: [],
  startedMs: 0,
};

for (const width of widths) {
  describe(`help at ${width} columns`, () => {
    it("of wsrally itself fits", async () => {
      const page = await helpPage([], width);
      assertFits(page, width);
      for (const { name, takes, summary } of commandList)
        assertTold(page, width, [`${name} ${takes}`.trim(), summary]);
    });

    for (const { name, load } of commandList) {
      it(`of ${name} fits, and tears no word`, async () => {
        const command = await load(context);
        await assertHelp(command, [name], width);
        for (const inner of command.commands) await assertHelp(inner, [name, inner.name()], width);
      });
    }
  });
}

describe("an example that is too long for the terminal", () => {
  const example = "  wsrally run nginx --slo 'response.p99 < 20ms' --slo 'failures == 0'";

  it("goes on behind a backslash, and no quoted text is broken", () => {
    for (let columns = 36; columns <= example.length; columns++) {
      const lines = layExamples(example, columns).split("\n");
      assert.ok(lines.every((line) => line.length <= columns, `${columns}`));
      const pasted = lines.map((line) => line.replace(/ \\$/, " ").trimStart()).join("");
      assert.equal(pasted, example.trimStart());
    }
  });

  it("has its note below, and so have those beside it", () => {
    const text =
      "Examples:\n  wsrally run nginx-buffering   the question\n  wsrally run smoke             does it work?";
    assert.equal(layExamples(text, 60), text);
    assert.equal(
      layExamples(text, 44),
      "Examples:\n  wsrally run nginx-buffering\n      the question\n  wsrally run smoke\n      does it work?",
    );
  });
});

describe("help", () => {
  it("of a command that puts load on an arm is a page, and names the flags that it leaves out", async () => {
    const { stdout: page } = await runHere(["compare", "--help"], { columns: 100 });
    assert.ok(page.split("\n").length <= 75, page);
    assert.match(page, /\nLoad:\n[\s\S]*\nStop when:\n[\s\S]*\nResults:\n/);
    assert.match(
      page,
      /More, by --help-all:\n {2}Load in detail: +--\w[\s\S]* --warmup\b[\s\S]*TLS: +--ca --insecure --resume\n/,
    );
    assert.doesNotMatch(page, /^ {2}--engine/m);
    const { stdout: all } = await runHere(["compare", "--help-all"], { columns: 100 });
    assert.match(all, /^ {2}--engine/m);
    assert.doesNotMatch(all, /--help-all/);
  });
});

async function helpPage(words: readonly string[], columns: number): Promise<string> {
  const { code, stdout: page, stderr: talk } = await runHere([...words, "--help-all"], { columns });
  assert.deepEqual({ code, talk }, { code: 0, talk: "" });
  return page;
}

async function assertHelp(command: Command, words: readonly string[], width: number): Promise<void> {
  const page = await helpPage(words, width);
  assertFits(page, width);
  assertWhole(page, command.description());
  const help = command.createHelp();
  for (const option of help.visibleOptions(command))
    assertTold(page, width, [help.optionTerm(option), help.optionDescription(option)]);
  for (const argument of help.visibleArguments(command))
    assertTold(page, width, [help.argumentTerm(argument), help.argumentDescription(argument)]);
}

function assertFits(page: string, width: number): void {
  for (const line of page.split("\n")) assert.ok(line.length <= width, `${line.length} columns: ${line}`);
}

/** Every word of it stands there, in order and unbroken. */
function assertWhole(page: string, text: string): void {
  assert.ok(oneLine(page).includes(oneLine(text)), `torn or missing: ${text}\n${page}`);
}

/** The text stands below its term, or beside it in a column that leaves it room. */
function assertTold(page: string, width: number, [term, text]: readonly [string, string]): void {
  assertWhole(page, `${term} ${text}`);
  const line = page.split("\n").find((one) => one.startsWith(`  ${term}`)) ?? "";
  const gap = line.trimStart().slice(term.length);
  const column = line.length - gap.trimStart().length;
  assert.ok(gap.trim() === "" || column <= width - leastText, `${column} of ${width} columns: ${line}`);
}

function oneLine(text: string): string {
  return text.split(/\s+/).join(" ").trim();
}
