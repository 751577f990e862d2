import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { say } from "#wsrally/commands/terminal.js";
import { displayWidth } from "#wsrally/report/draw/plain-text.js";
import { talkText } from "#wsrally/report/draw/talk-text.js";
import { fc } from "../../support/seeded-fast-check.js";

const line =
  "nginx-new: `listen 80` is a free port of 127.0.0.1 instead (deploy/new.conf:13), results in results/2026-01-31-compare-09a5";

describe("talkText()", () => {
  it("breaks a terminal's lines between words, and keeps names and paths whole", () => {
    assert.equal(
      talkText(line, 70),
      [
        "nginx-new: `listen 80` is a free port of 127.0.0.1 instead",
        "  (deploy/new.conf:13), results in results/2026-01-31-compare-09a5",
      ].join("\n"),
    );
  });

  it("leaves a log's lines whole, and what fits as it is", () => {
    assert.equal(talkText(line, undefined), line);
    assert.equal(talkText("  p99 <  20\u001b", 80), "  p99 <  20\\x1b");
    assert.equal(talkText("      ^", 8), "      ^");
  });

  it("is never wider than the terminal, and loses no character that is not a blank", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.integer({ min: 24, max: 120 }),
        (text, columns) => {
          const shown = talkText(text, columns);
          for (const one of shown.split("\n")) assert.ok(displayWidth(one) <= columns, one);
          assert.equal(shown.replace(/[ \n]/g, ""), talkText(text, undefined).replaceAll(" ", ""));
        },
      ),
    );
  });
});

describe("say()", () => {
  const saidTo = (stream: object): string => {
    const written: string[] = [];
    const stderr = { ...stream, write: (chunk: string) => written.push(chunk) };
    say({ stderr: stderr as unknown as NodeJS.WriteStream }, line);
    return written.join("");
  };

  it("breaks lines on a terminal alone", () => {
    assert.equal(saidTo({}), `${line}\n`);
    assert.equal(saidTo({ isTTY: true, columns: 70 }), `${talkText(line, 70)}\n`);
  });
});
