/** RFC 6455, 5.4 and 5.5: control frames, and messages in fragments with control frames between them. */
import {
  binary,
  type Case,
  close,
  continuation,
  failed,
  fragments,
  hex,
  more,
  ping,
  pong,
  type Section,
  seen,
  taken,
  text,
} from "./case.js";
import { filled } from "./framing-sections.js";

const controls: readonly Case[] = [
  ...(
    [
      ["a ping", ping],
      ["a pong", pong],
    ] as const
  ).flatMap(([name, control]) => [
    failed(`${name} of 126 bytes`, [control(filled(126))]),
    failed(`${name} of 65,536 bytes`, [control(filled(65_536))]),
    failed(`${name} of 5 bytes whose length is in two more`, [control("12345", { lengthBytes: 3 })]),
    failed(`${name} that is not final`, [control("", more)]),
    failed(`${name} with a payload that is not final`, [control("x", more), continuation("y")]),
    failed(`${name} that is not final, inside a message`, [text("x", more), control("y", more)]),
    failed(`${name} of 126 bytes behind one of 125`, [ping(filled(125)), control(filled(126))], 1002, [
      seen("ping", filled(125)),
    ]),
  ]),
  failed("a close frame that is not final", [{ ...close(1000), fin: false }]),
  failed("a close frame of 126 bytes", [close(1000, filled(124))]),
  failed("a close frame of 65,536 bytes", [close(1000, filled(65_534))]),
];

const tenPings = Array.from({ length: 10 }, (_, index) => `ping ${index}`);

const pings: readonly Case[] = [
  taken("without a payload", [ping()], [seen("ping")]),
  taken("with a text", [ping("Hello")], [seen("ping", "Hello")]),
  taken(
    "with bytes that are no text",
    [ping(hex("00 ff fe fd fc fb 00 ff"))],
    [seen("ping", hex("00 ff fe fd fc fb 00 ff"))],
  ),
  taken("of 125 bytes", [ping(filled(125))], [seen("ping", filled(125))]),
  taken("of 125 bytes 0xFE", [ping(Buffer.alloc(125, 0xfe))], [seen("ping", Buffer.alloc(125, 0xfe))]),
  taken(
    "ten at once",
    tenPings.map((content) => ping(content)),
    tenPings.map((content) => seen("ping", content)),
  ),
  taken(
    "between messages",
    [text("a"), ping("1"), binary("b"), ping("2"), text("")],
    [seen("text", "a"), seen("ping", "1"), seen("binary", "b"), seen("ping", "2"), seen("text")],
  ),
];

const pongs: readonly Case[] = [
  taken("unasked, without a payload", [pong()], [seen("pong")]),
  taken("unasked, with a payload", [pong("nobody asked")], [seen("pong", "nobody asked")]),
  taken("unasked, of 125 bytes", [pong(filled(125))], [seen("pong", filled(125))]),
  taken(
    "unasked, and then a ping",
    [pong("nobody asked"), ping("1")],
    [seen("pong", "nobody asked"), seen("ping", "1")],
  ),
];

const singles = [..."a message whose every letter goes alone"];

const whole: readonly Case[] = (
  [
    ["text", text],
    ["binary", binary],
  ] as const
).flatMap(([kind, frame]) => [
  taken(`${kind} in two`, fragments(frame, ["frag", "ments"]), [seen(kind, "fragments")]),
  taken(`${kind} in three`, fragments(frame, ["f", "ragment", "s"]), [seen(kind, "fragments")]),
  taken(`${kind} in empty ones`, fragments(frame, ["", "", ""]), [seen(kind)]),
  taken(`${kind} with the first one empty`, fragments(frame, ["", "x"]), [seen(kind, "x")]),
  taken(`${kind} with the last one empty`, fragments(frame, ["x", ""]), [seen(kind, "x")]),
  taken(`${kind} with an empty one in its midst`, fragments(frame, ["x", "", "y"]), [seen(kind, "xy")]),
  taken(`${kind} in single letters`, fragments(frame, singles), [seen(kind, singles.join(""))]),
  taken(
    `${kind} in fragments of every form of length`,
    fragments(frame, [filled(125), filled(126), filled(65_535), filled(65_536)]),
    [seen(kind, Buffer.concat([filled(125), filled(126), filled(65_535), filled(65_536)]))],
  ),
  taken(
    `two ${kind} messages, one behind the other`,
    [...fragments(frame, ["a", "b"]), ...fragments(frame, ["c", "d"])],
    [seen(kind, "ab"), seen(kind, "cd")],
  ),
  taken(
    `${kind} with a ping in its midst`,
    [frame("x", more), ping("1"), continuation("y")],
    [seen("ping", "1"), seen(kind, "xy")],
  ),
  taken(
    `${kind} with a pong in its midst`,
    [frame("x", more), pong("1"), continuation("y")],
    [seen("pong", "1"), seen(kind, "xy")],
  ),
  taken(
    `${kind} in five with a ping behind each but the last`,
    fragments(frame, ["1", "2", "3", "4", "5"]).flatMap((part, index) =>
      index === 4 ? [part] : [part, ping(`${index}`)],
    ),
    [...["0", "1", "2", "3"].map((content) => seen("ping", content)), seen(kind, "12345")],
  ),
  taken(
    `${kind} with pings of 125 bytes in its midst`,
    [
      frame(filled(200), more),
      ping(filled(125)),
      continuation(filled(3), more),
      ping(filled(125)),
      continuation(),
    ],
    [
      seen("ping", filled(125)),
      seen("ping", filled(125)),
      seen(kind, Buffer.concat([filled(200), filled(3)])),
    ],
  ),
]);

const wrong: readonly Case[] = [
  failed("a continuation of nothing", [continuation("x")]),
  failed("a continuation of nothing that is not final", [continuation("x", more)]),
  failed("an empty continuation of nothing", [continuation()]),
  failed("a continuation of nothing before a message", [continuation("x", more), text("y")]),
  failed("a continuation behind a whole message", [text("x"), continuation("y")], 1002, [seen("text", "x")]),
  failed(
    "a continuation behind a message in fragments",
    [...fragments(text, ["x", "y"]), continuation("z")],
    1002,
    [seen("text", "xy")],
  ),
  failed("a continuation of nothing behind a ping", [ping("1"), continuation("x")], 1002, [
    seen("ping", "1"),
  ]),
  failed("a text inside a text", [text("x", more), text("y")]),
  failed("a binary message inside a text", [text("x", more), binary("y")]),
  failed("a text inside a binary message", [binary("x", more), text("y")]),
  failed("a message's first fragment twice", [text("x", more), text("y", more), continuation("z")]),
  failed("an empty message inside a message", [binary("x", more), binary("")]),
  failed("a message behind a ping inside a message", [text("x", more), ping("1"), text("y")], 1002, [
    seen("ping", "1"),
  ]),
];

export const controlSections: readonly Section[] = [
  { title: "5.5 Control frames that break the rules", cases: controls },
  { title: "5.5.2 Pings", cases: pings },
  { title: "5.5.3 Pongs", cases: pongs },
  { title: "5.4 Fragmentation", cases: whole },
  { title: "5.4 Fragmentation that breaks the rules", cases: wrong },
];
