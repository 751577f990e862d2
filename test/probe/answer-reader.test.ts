import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Answer } from "#wsrally/probe/answer.js";
import { AnswerReader } from "#wsrally/probe/answer-reader.js";
import { readChunks } from "#wsrally/probe/read-chunks.js";
import { fc } from "../support/seeded-fast-check.js";

const chunked = "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n";

/** The answer, and the place behind the last byte that it took; null where it waits for more. */
function readInPieces(text: string, pieces = 1): { readonly answer: Answer; readonly at: number } | null {
  const reader = new AnswerReader();
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += pieces) {
    const answer = reader.read(bytes.subarray(at, at + pieces));
    if (answer !== null) return { answer, at: at + pieces };
  }
  return null;
}

function bodyOf(answer: Answer | undefined): string | null {
  return answer?.kind === "answered" ? answer.bodyStart : null;
}

describe("AnswerReader", () => {
  it("takes a body in chunks for whole with its last chunk, and shows what the chunks hold", () => {
    const read = readInPieces(`${chunked}4\r\n404 \r\n3;a=b\r\nnot\r\n0\r\n\r\nHTTP/1.1 200`);
    assert.equal(bodyOf(read?.answer), "404 not");
  });

  for (const [what, rest] of [
    ["before its last chunk", "4\r\n404 \r\n"],
    ["within a chunk", "5\r\n404"],
    ["within a size", "5"],
  ] as const) {
    it(`goes on ${what}, and has what came when no more does`, () => {
      assert.equal(readInPieces(chunked + rest), null);
      const reader = new AnswerReader();
      reader.read(Buffer.from(chunked + rest, "latin1"));
      assert.ok(reader.isInBody);
      assert.equal(bodyOf(reader.atEnd({ kind: "timeout" }))?.trim(), rest.split("\r\n")[1]?.trim() ?? "");
    });
  }

  it("waits for no more of a long body than it shows, nor for what is no chunk", () => {
    const long = `${chunked}1000\r\n${"x".repeat(400)}`;
    assert.equal(bodyOf(readInPieces(long)?.answer)?.length, 300);
    assert.equal(bodyOf(readInPieces(`${chunked}sorry\r\n`)?.answer), "");
    const extended = `${chunked}1;${"x".repeat(100_000)}`;
    assert.equal(bodyOf(readInPieces(extended, 1000)?.answer), "");
  });

  for (const status of ["204 No Content", "304 Not Modified"]) {
    it(`knows that none follows a ${status}`, () => {
      const read = readInPieces(`HTTP/1.1 ${status}\r\nServer: x\r\n\r\n`);
      assert.equal(bodyOf(read?.answer), "");
    });
  }

  it("reads any chunks alike, however they come", () => {
    const chunk = fc.string({ unit: fc.constantFrom("a", "\r", "\n", "0"), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 8 }), fc.integer({ min: 1, max: 30 }), (chunks, pieces) => {
        const framed = chunks.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join("");
        const read = readInPieces(`${chunked}${framed}0\r\n\r\n`, pieces);
        assert.equal(bodyOf(read?.answer), chunks.join(""));
        assert.deepEqual(readChunks(Buffer.from(framed, "latin1")).isWhole, false);
      }),
    );
  });
});
