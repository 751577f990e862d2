/** The word that a run is known by: where it may come from, and that it is not told when it is none. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { givenToken } from "#wsrally/commands/given-token.js";
import { readWorkloadFlags } from "#wsrally/commands/workload-flags.js";
import { withFolder } from "../support/with-folder.js";

const word = "a-word-of-ours";

function withWord(text: string, test: (file: string) => void): Promise<void> {
  return withFolder(async (folder) => {
    const file = join(folder, "word.txt");
    writeFileSync(file, text);
    test(file);
  });
}

describe("a token", () => {
  it("is the flag's, the file's, or else the environment's, without the line's end", () =>
    withWord(`${word}\n`, (tokenFile) => {
      const environment = { WSRALLY_TOKEN: "of-the-environment\n" };
      assert.equal(givenToken({ token: "of-the-flag" }, environment), "of-the-flag");
      assert.equal(givenToken({ tokenFile }, environment), word);
      assert.equal(givenToken({}, environment), "of-the-environment");
      assert.equal(givenToken({}, {}), undefined);
      assert.equal(readWorkloadFlags({ behind: "10.0.0.7:80", tokenFile }).token, word);
    }));

  it("that is none is not quoted", () =>
    withWord("s3cret", (tokenFile) => {
      for (const given of [
        () => givenToken({ tokenFile }),
        () => givenToken({}, { WSRALLY_TOKEN: "s3cret" }),
      ])
        assert.throws(given, ({ name, message }: Error) => {
          assert.equal(name, "UsageError");
          assert.match(message, /want 8 to 128 letters/);
          return !message.includes("s3cret");
        });
    }));

  it("is given once, in a file that is there", () => {
    assert.throws(() => givenToken({ token: word, tokenFile: "x" }), /want one of them/);
    assert.throws(
      () => givenToken({ tokenFile: "/nowhere/word.txt" }),
      /^UsageError: Cannot read \/nowhere\/word\.txt for --token-file: /,
    );
  });
});
