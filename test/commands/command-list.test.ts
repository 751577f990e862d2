/**
 * What help says of a command, against the command itself.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commandList } from "#wsrally/commands/command-list.js";

const { stdout, stderr } = process;
const context = {
  terminal: { stdout, stderr, env: {}, issueCommand: () => undefined },
  signal: new AbortController().signal,
  argv: [],
  startedMs: 0,
};

describe("the list of commands", () => {
  for (const { name, takes, load } of commandList) {
    it(`tells what ${name} takes`, async () => {
      const command = await load(context);
      const words = command.registeredArguments.map((argument) => {
        const dots = argument.variadic ? "..." : "";
        return argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`;
      });
      assert.equal(command.name(), name);
      assert.equal(takes, words.join(" "));
    });

    it(`leaves the lines of ${name}'s description to the terminal's width`, async () => {
      const command = await load(context);
      for (const one of [command, ...command.commands]) assert.doesNotMatch(one.description(), /\n/);
    });
  }
});
