/** What a peer that echoes messages sends back, read off the wire. */
import { contentOf, type Seen } from "./case.js";
import { type Frame, opcode, readFrames } from "./wire.js";

/** An echo, or a pong; and the close frame, with its code or "none". */
export type Answer = readonly [kind: "text" | "binary" | "pong" | "close", content: string];

const kinds: Readonly<Record<number, Answer[0]>> = {
  [opcode.text]: "text",
  [opcode.binary]: "binary",
  [opcode.pong]: "pong",
};

/** Every frame of a peer that sends each message in one. @throws where it broke the protocol */
export function answersIn(bytes: Buffer, isMasked: boolean): Answer[] {
  return readFrames(bytes, isMasked).map((frame) => answerOf(frame));
}

function answerOf({ fin, opcode: code, payload }: Frame): Answer {
  if (!fin) throw new Error("an answer in fragments");
  if (code === opcode.close) {
    return ["close", payload.length === 0 ? "none" : `${payload.readUInt16BE(0)}`];
  }
  const kind = kinds[code];
  if (kind === undefined) throw new Error(`opcode ${code}`);
  return [kind, contentOf(payload)];
}

/** The answers to what a peer has seen: messages come back, pings as pongs, and pongs are not answered. */
export function answersTo(seen: readonly Seen[], closeCode: number | null): Answer[] {
  const answers = seen
    .filter(([kind]) => kind !== "pong")
    .map(([kind, content]): Answer => [kind === "text" || kind === "binary" ? kind : "pong", content]);
  return [...answers, ["close", `${closeCode ?? "none"}`]];
}
