/** RFC 6455, 5.1 to 5.3: lengths, masks, reserved bits and opcodes. */
import {
  binary,
  type Case,
  contentOf,
  continuation,
  failed,
  fragments,
  more,
  ping,
  pong,
  type Section,
  seen,
  taken,
  text,
} from "./case.js";
import type { Frame } from "./wire.js";

/** The last and the first of each of the three forms that a length has (5.2), and their neighbours. */
const lengths = [0, 1, 125, 126, 127, 128, 65_535, 65_536] as const;

export function filled(length: number): Buffer {
  return Buffer.alloc(length, "0123456789abcdef.");
}

const lengthCases: readonly Case[] = lengths.flatMap((length) => [
  taken(`text of ${length} bytes`, [text(filled(length))], [seen("text", filled(length))]),
  taken(`binary of ${length} bytes`, [binary(filled(length))], [seen("binary", filled(length))]),
]);

/** A length in more bytes than it needs: `ws` takes it. */
function tooLong(length: number, lengthBytes: 3 | 9): Case {
  const payload = filled(length);
  const one = failed(`${length} in ${lengthBytes - 1} bytes`, [binary(payload, { lengthBytes })]);
  return {
    ...one,
    byWs: {
      seen: [seen("binary", payload), seen("text", "behind")],
      end: { kind: "closed", code: 1000 },
      why: "takes a length that is not minimal",
    },
  };
}

const announced = (bytes: bigint, details: Partial<Frame> = {}): Frame =>
  binary("", { announced: bytes, lengthBytes: 9, ...details });

const lengthFaults: readonly Case[] = [
  tooLong(0, 3),
  tooLong(125, 3),
  tooLong(0, 9),
  tooLong(126, 9),
  tooLong(65_535, 9),
  {
    ...failed("the top bit of a length", [announced(2n ** 63n + 1n)]),
    byWs: { seen: [], end: { kind: "failed", code: 1009 }, why: "takes the frame for a long one" },
  },
];

const reservedBits: readonly Case[] = [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => {
  const name = `RSV ${rsv.toString(2).padStart(3, "0")}`;
  return [
    failed(`${name} on a text`, [text("x", { rsv })]),
    failed(`${name} on a binary message`, [binary("x", { rsv })]),
    failed(`${name} on an empty text`, [text("", { rsv })]),
    failed(`${name} on a ping`, [ping("x", { rsv })]),
    failed(`${name} on a pong`, [pong("", { rsv })]),
    failed(`${name} on a continuation`, [text("x", more), continuation("y", { rsv })]),
    failed(`${name} behind a message and a ping`, [text("x"), ping("y"), text("z", { rsv })], 1002, [
      seen("text", "x"),
      seen("ping", "y"),
    ]),
  ];
});

const reservedOpcodes: readonly Case[] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
  failed(`opcode ${opcode}`, [{ opcode, payload: Buffer.alloc(0) }]),
  failed(`opcode ${opcode} with a payload`, [{ opcode, payload: filled(64) }]),
  failed(`opcode ${opcode}, not final`, [{ opcode, payload: Buffer.alloc(0), fin: false }]),
  failed(
    `opcode ${opcode} behind a message and a ping`,
    [binary("x"), ping("y"), { opcode, payload: filled(1) }],
    1002,
    [seen("binary", "x"), seen("ping", "y")],
  ),
  failed(`opcode ${opcode} inside a message`, [text("x", more), { opcode, payload: filled(1) }]),
]);

const masks: readonly Case[] = [
  failed("a text masked as the other side's", [text("x", { isMaskWrong: true })]),
  failed("an empty message masked as the other side's", [binary("", { isMaskWrong: true })]),
  failed("a ping masked as the other side's", [ping("x", { isMaskWrong: true })]),
  failed("a continuation masked as the other side's", [
    text("x", more),
    continuation("y", { isMaskWrong: true }),
  ]),
  failed("behind a message", [text("x"), text("y", { isMaskWrong: true })], 1002, [seen("text", "x")]),
  taken(
    "payloads of 1 to 40 bytes, each with a mask of its own",
    Array.from({ length: 40 }, (_, index) => binary(filled(index + 1))),
    Array.from({ length: 40 }, (_, index) => seen("binary", filled(index + 1))),
  ),
];

/** More than either side takes: the pong servers 100 MiB, the engines 16 MiB. */
const tooMuch = 100n * 2n ** 20n;

const tooLarge: readonly Case[] = [
  failed("a message of 100 MiB and a byte", [announced(tooMuch + 1n)], 1009),
  failed("a message of 2⁶³ − 1 bytes", [announced(2n ** 63n - 1n)], 1009),
  failed(
    "fragments of 100 MiB and a byte together",
    [binary("x", more), continuation("", { announced: tooMuch, lengthBytes: 9 })],
    1009,
  ),
  failed("a large fragment behind a message", [text("x"), announced(tooMuch + 1n, more)], 1009, [
    seen("text", "x"),
  ]),
];

const large = filled(65_536);
const pieces = Array.from({ length: Math.ceil(large.length / 1300) }, (_, index) =>
  large.subarray(index * 1300, (index + 1) * 1300),
);

/** Of different sizes, so that a mix-up of their bounds shows. */
const many = Array.from({ length: 1000 }, (_, index) => filled(index % 300));

export const framingSections: readonly Section[] = [
  { title: "5.2 Base framing: lengths", cases: lengthCases },
  {
    title: "5.2 Base framing: many messages at once",
    cases: [
      taken(
        "1,000 of 0 to 299 bytes",
        many.map((payload) => binary(payload)),
        many.map((payload) => seen("binary", payload)),
      ),
    ],
  },
  { title: "5.2 Base framing: lengths that break the rules", cases: lengthFaults },
  { title: "5.2 Base framing: reserved bits", cases: reservedBits },
  { title: "5.2 Base framing: reserved opcodes", cases: reservedOpcodes },
  { title: "5.3 Masking", cases: masks },
  { title: "7.4.1 Messages that are too large", cases: tooLarge },
  {
    title: "5.4 Fragmentation: 64 KiB as an intermediary may cut it",
    cases: [
      taken("in fragments of 1,300 bytes", fragments(text, pieces), [["text", contentOf(large)]]),
      taken("in fragments of 1,300 bytes, binary", fragments(binary, pieces), [["binary", contentOf(large)]]),
    ],
  },
];
