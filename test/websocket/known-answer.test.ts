import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KnownAnswer } from "#wsrally/websocket/known-answer.js";

const learned = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const accept = "HSmrc0sMlYUkAGmm5OPpG2HaGWk=";

function answer(value: string, more = ""): string {
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${value}\r\n${more}\r\n`;
}

function framesAt(known: string, bytes: string): number {
  const answers = new KnownAnswer();
  answers.learn(Buffer.from(known, "latin1"), learned);
  const frames = Buffer.from("8104706f6e67", "hex");
  const end = bytes.length + frames.length;
  return answers.framesAt(
    Buffer.concat([Buffer.from(bytes, "latin1"), frames, Buffer.alloc(9)]),
    end,
    accept,
  );
}

describe("KnownAnswer", () => {
  it("knows an answer that differs by its own accept value alone, and where frames begin behind it", () => {
    assert.equal(framesAt(answer(learned), answer(accept)), answer(accept).length);
  });

  const others: readonly (readonly [what: string, known: string, bytes: string])[] = [
    ["an answer before any was learned", "", answer(accept)],
    ["the accept value of another key", answer(learned), answer(learned)],
    ["a status of another class", answer(learned), answer(accept).replace("101", "200")],
    ["one more header", answer(learned), answer(accept, "Sec-WebSocket-Extensions: x\r\n")],
    ["one header less", answer(learned, "X: y\r\n"), answer(accept)],
    ["one byte behind the value", answer(learned, "X: y\r\n"), answer(accept, "X: z\r\n")],
    [
      "an answer whose value came twice",
      answer(learned, `X: ${learned}\r\n`),
      answer(accept, `X: ${learned}\r\n`),
    ],
  ];
  for (const [what, known, bytes] of others) {
    it(`leaves to be read: ${what}`, () => assert.equal(framesAt(known, bytes), -1));
  }

  it("leaves to be read one whose end has not come", () => {
    const answers = new KnownAnswer();
    answers.learn(Buffer.from(answer(learned), "latin1"), learned);
    const bytes = Buffer.from(answer(accept), "latin1");
    for (let end = 0; end < bytes.length; end++) assert.equal(answers.framesAt(bytes, end, accept), -1);
  });
});
