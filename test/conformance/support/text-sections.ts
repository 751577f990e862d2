/**
 * RFC 6455, 5.6 and 8.1: text that is UTF-8 and text that is not (RFC 3629), whole and in fragments that need not end
 * where characters do.
 */
import {
  binary,
  type Case,
  close,
  contentOf,
  continuation,
  failed,
  fragments,
  hex,
  ping,
  type Section,
  seen,
  taken,
  text,
} from "./case.js";
import type { Frame } from "./wire.js";

/** The first and the last code point of each length, those beside the surrogates, and some that are nothing's. */
const codePoints = [
  0x00, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfdd0, 0xfffd, 0xfffe, 0xffff, 0x1_0000, 0x1_ffff,
  0xf_fffe, 0x10_0000, 0x10_ffff,
];

const sentence = "Grüße: κόσμε, 水, 👋🏽, ﷽";

const valid: readonly Case[] = [
  ...codePoints.map((point) => {
    const character = String.fromCodePoint(point);
    const name = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
    return taken(
      name,
      [text(character), text(`a${character}b`)],
      [seen("text", character), seen("text", `a${character}b`)],
    );
  }),
  taken("a sentence of many scripts", [text(sentence)], [seen("text", sentence)]),
  taken("a long text of many scripts", [text(sentence.repeat(100))], [seen("text", sentence.repeat(100))]),
  taken("a byte order mark", [text(hex("efbbbf 61"))], [seen("text", hex("efbbbf 61"))]),
  taken(
    "bytes that are no text, in a binary message",
    [binary(hex("ff c0 80 eda080"))],
    [seen("binary", hex("ff c0 80 eda080"))],
  ),
];

const bytes = Buffer.from(sentence);

const split: readonly Case[] = [
  ...Array.from(bytes.keys(), (at) =>
    taken(`a sentence cut behind ${at} bytes`, fragments(text, [bytes.subarray(0, at), bytes.subarray(at)]), [
      seen("text", sentence),
    ]),
  ),
  taken(
    "a sentence in single bytes",
    fragments(
      text,
      [...bytes].map((byte) => Buffer.of(byte)),
    ),
    [seen("text", sentence)],
  ),
  taken("a sentence in single characters", fragments(text, [...sentence]), [seen("text", sentence)]),
  taken(
    "a character with a ping in its midst",
    [text(hex("f0 9f"), { fin: false }), ping("1"), continuation(hex("91 8b"))],
    [seen("ping", "1"), seen("text", hex("f0 9f 91 8b"))],
  ),
];

/** RFC 3629, 3 and 4: what no encoder writes. */
const invalid: readonly (readonly [what: string, bytes: string])[] = [
  ["a lone continuation byte 80", "80"],
  ["a lone continuation byte BF", "bf"],
  ["two continuation bytes", "80 bf"],
  ["seven continuation bytes", "80 bf 80 bf 80 bf 80"],
  [
    "all 64 continuation bytes",
    Buffer.from(Array.from({ length: 64 }, (_, index) => 0x80 + index)).toString("hex"),
  ],
  ["a start of two bytes alone", "c2 20"],
  ["a start of three bytes alone", "e1 20"],
  ["a start of four bytes alone", "f1 20"],
  ["one byte of two", "c3"],
  ["two bytes of three", "e2 82"],
  ["one byte of three", "e2"],
  ["three bytes of four", "f0 9f 91"],
  ["two bytes of four", "f0 9f"],
  ["beginnings one behind the other", "c3 e2 82 f0 9f 91"],
  ["FE", "fe"],
  ["FF", "ff"],
  ["FE FE FF FF", "fe fe ff ff"],
  ["an overlong slash in two bytes", "c0 af"],
  ["an overlong slash in three", "e0 80 af"],
  ["an overlong slash in four", "f0 80 80 af"],
  ["an overlong slash in five", "f8 80 80 80 af"],
  ["an overlong slash in six", "fc 80 80 80 80 af"],
  ["an overlong U+007F", "c1 bf"],
  ["an overlong U+07FF", "e0 9f bf"],
  ["an overlong U+FFFF", "f0 8f bf bf"],
  ["an overlong NUL in two bytes", "c0 80"],
  ["an overlong NUL in three", "e0 80 80"],
  ["an overlong NUL in four", "f0 80 80 80"],
  ["the first high surrogate", "ed a0 80"],
  ["the last high surrogate", "ed af bf"],
  ["the first low surrogate", "ed b0 80"],
  ["the last low surrogate", "ed bf bf"],
  ["a pair of surrogates", "ed a0 80 ed b0 80"],
  ["U+110000", "f4 90 80 80"],
  ["U+13FFFF", "f4 bf bf bf"],
  ["U+140000", "f5 80 80 80"],
  ["five bytes", "f8 88 80 80 80"],
  ["the last of five bytes", "fb bf bf bf bf"],
  ["six bytes", "fc 84 80 80 80 80"],
  ["the last of six bytes", "fd bf bf bf bf bf"],
];

/** A text in these parts fails the connection when it is whole, with whatever was seen `before`. */
function notUtf8(name: string, parts: readonly Buffer[], between: readonly Frame[] = []): Case {
  const [first, ...rest] = fragments(text, parts);
  const sends = first === undefined ? [] : [first, ...between, ...rest];
  const before = between.map(({ payload }) => seen("ping", payload));
  return {
    ...failed(name, sends, 1007, before),
    unchecked: {
      seen: [...before, ["text", contentOf(Buffer.concat(parts))], seen("text", "behind")],
      end: { kind: "closed", code: 1000 },
    },
  };
}

const refused: readonly Case[] = invalid.flatMap(([what, digits]) => {
  const wrong = hex(digits);
  return [
    notUtf8(what, [wrong]),
    notUtf8(`${what}, in a fragment of its own`, [Buffer.from("κόσμε"), wrong, Buffer.from("edited")]),
    notUtf8(
      `${what}, in single bytes`,
      [...wrong, 0x61].map((byte) => Buffer.of(byte)),
    ),
  ];
});

const inLongText: readonly Case[] = ["80", "ed a0 80", "f4 90 80 80", "e2 82"].map((digits) =>
  notUtf8(digits, [Buffer.concat([Buffer.from(sentence.repeat(100)), hex(digits)])]),
);

const whenTold: readonly Case[] = [
  notUtf8("not before its last fragment", [hex("ff"), hex("61"), hex("62")], [ping("still here")]),
  notUtf8("a character cut off by the end of its message", [hex("61"), hex("e2 82")], [ping("still here")]),
  {
    ...failed("not in the next message", [text(hex("e2 82")), text(hex("ac"))], 1007),
    unchecked: {
      seen: [seen("text", hex("e2 82")), seen("text", hex("ac")), seen("text", "behind")],
      end: { kind: "closed", code: 1000 },
    },
  },
  {
    name: "never, when a close frame comes before its end",
    sends: [text(hex("ff"), { fin: false }), close(1000)],
    seen: [],
    end: { kind: "closed", code: 1000 },
  },
];

export const textSections: readonly Section[] = [
  { title: "5.6 Text that is UTF-8", cases: valid },
  { title: "5.6 Text whose fragments end within characters", cases: split },
  { title: "8.1 Text that is not UTF-8", cases: refused },
  { title: "8.1 Text of which only the end is not UTF-8", cases: inLongText },
  { title: "8.1 Text that is not UTF-8 is told of at its message's end", cases: whenTold },
];
