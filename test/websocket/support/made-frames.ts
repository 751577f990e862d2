/** Arbitraries: payloads and messages of every length class, and frames of every make, right or wrong. */

import { opcodes } from "#wsrally/websocket/opcode.js";
import type { Role } from "#wsrally/websocket/role.js";
import { fc } from "../../support/seeded-fast-check.js";
import { cut, type DecodedEvent } from "./decode-stream.js";
import { frameByWs } from "./ws-parts.js";

export const payload = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.integer({ min: 120, max: 140 }).map(repeated) },
  { weight: 1, arbitrary: fc.integer({ min: 65_530, max: 65_540 }).map(repeated) },
);

/** Long payloads from a short pattern: random ones would take longer to make than to test. */
function repeated(length: number): Uint8Array {
  return Buffer.alloc(length, "a pattern of 23 bytes..");
}

/** A message in fragments, with control frames between them. */
export const message = fc.record({
  isText: fc.boolean(),
  text: fc.string({ unit: "binary", maxLength: 40 }),
  fragments: fc.array(payload, { minLength: 1, maxLength: 4 }),
  control: fc.option(fc.record({ isPing: fc.boolean(), payload: fc.uint8Array({ maxLength: 125 }) })),
});

interface Stream {
  readonly bytes: Buffer;
  readonly events: readonly DecodedEvent[];
}

export function streamOf(
  messages: readonly (typeof message extends fc.Arbitrary<infer T> ? T : never)[],
  mask: boolean,
): Stream {
  const frames: Buffer[] = [];
  const events: DecodedEvent[] = [];
  for (const { isText, text, fragments, control } of messages) {
    const parts = isText ? cut(Buffer.from(text), [1, 5]) : fragments.map((part) => Buffer.from(part));
    for (const [index, part] of parts.entries()) {
      const fin = index === parts.length - 1;
      const opcode = index > 0 ? opcodes.continuation : isText ? opcodes.text : opcodes.binary;
      frames.push(frameByWs(part, { fin, opcode, mask }));
      if (fin) events.push([isText ? "text" : "binary", Buffer.concat(parts).toString("hex")]);
      if (control === null) continue;
      const controlOpcode = control.isPing ? opcodes.ping : opcodes.pong;
      frames.push(frameByWs(Buffer.from(control.payload), { fin: true, opcode: controlOpcode, mask }));
      events.push([control.isPing ? "ping" : "pong", Buffer.from(control.payload).toString("hex")]);
    }
  }
  return { bytes: Buffer.concat(frames), events };
}

/** Any frame that can be written down, right or wrong. */
export const anyFrame = fc
  .record({
    fin: fc.boolean(),
    reserved: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat({ max: 7 }) },
    ),
    opcode: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(0, 1, 2, 8, 9, 10) },
      { weight: 1, arbitrary: fc.nat({ max: 15 }) },
    ),
    isMaskWrong: fc.oneof(
      { weight: 15, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    widthExtra: fc.oneof(
      { weight: 15, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(1, 2) },
    ),
    content: fc.oneof(
      payload,
      fc.string({ unit: "binary", maxLength: 30 }).map((text) => Buffer.from(text)),
      fc.integer({ min: 990, max: 5010 }).map((code) => Buffer.of(code >> 8, code & 0xff)),
    ),
  })
  .map((frame) => (sender: Role) => writeAnyFrame(frame, sender));

function writeAnyFrame(
  frame: {
    fin: boolean;
    reserved: number;
    opcode: number;
    isMaskWrong: boolean;
    widthExtra: number;
    content: Uint8Array;
  },
  sender: Role,
): Buffer {
  const { length } = frame.content;
  const isMasked = (sender === "client") !== frame.isMaskWrong;
  const width = Math.min(2, (length <= 125 ? 0 : length <= 0xffff ? 1 : 2) + frame.widthExtra);
  const header = [
    (frame.fin ? 0x80 : 0) | (frame.reserved << 4) | frame.opcode,
    (isMasked ? 0x80 : 0) | (width === 0 ? length : 125 + width),
  ];
  if (width === 1) header.push(length >> 8, length & 0xff);
  if (width === 2) header.push(0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff);
  const mask = isMasked ? [7, 99, 0, 250] : [0, 0, 0, 0];
  if (isMasked) header.push(...mask);
  const masked = Buffer.from(frame.content).map((byte, index) => byte ^ (mask[index & 3] as number));
  return Buffer.concat([Buffer.from(header), masked]);
}
