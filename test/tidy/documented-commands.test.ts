/**
 * Every command that a document tells its readers to type is one of this program, which `test/commands/readme.real.test.ts` runs, or
 * somebody is named who tries it.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  documentedCommands,
  documents,
  elsewhere,
  triedElsewhere,
  wordsBehindProgram,
} from "../support/shell-blocks.js";

const commands = documents.flatMap(documentedCommands);

describe("the documents' commands", () => {
  it("are all of this program, or tried elsewhere", () => {
    assert.ok(commands.length > 30);
    const strange = commands.filter(
      ({ line }) => wordsBehindProgram(line) === null && triedElsewhere(line) === null,
    );
    assert.deepEqual(strange, []);
  });

  it("are there, of those that are tried elsewhere", () => {
    const unused = Object.values(elsewhere).filter((those) => !commands.some(({ line }) => those.test(line)));
    assert.deepEqual(unused, []);
  });
});
