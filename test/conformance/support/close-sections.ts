/** RFC 6455, 5.5.1 and 7.4: close frames, their codes and reasons, and what comes behind them. */
import {
  binary,
  type Case,
  close,
  closed,
  continuation,
  failed,
  hex,
  more,
  ping,
  pong,
  type Section,
  seen,
  text,
} from "./case.js";
import { filled } from "./framing-sections.js";
import { opcode } from "./wire.js";

const frames: readonly Case[] = [
  closed("nothing in it", [close()], null),
  closed("a code", [close(1000)], 1000),
  closed("a code and a reason", [close(1000, "Bye, süß 👋")], 1000),
  closed("a reason of 123 bytes", [close(1001, filled(123))], 1001),
  closed("behind a message", [text("x"), close(1000)], 1000, [seen("text", "x")]),
  closed("behind a large message", [binary(filled(256 * 1024)), close(1000)], 1000, [
    seen("binary", filled(256 * 1024)),
  ]),
  closed("inside a message, which is then never whole", [text("x", more), close(1000)], 1000),
  failed("half a code", [{ opcode: opcode.close, payload: hex("03") }]),
  failed("a reason of 124 bytes", [close(1000, filled(124))]),
];

const behind: readonly Case[] = [
  closed("another close frame", [close(1000), close(1001)], 1000),
  closed("a ping", [close(1000), ping("x")], 1000),
  closed("a pong", [close(1000), pong("x")], 1000),
  closed("a text", [close(1000), text("x")], 1000),
  closed("a large message", [close(1000), binary(filled(256 * 1024))], 1000),
  closed("a frame that breaks the rules", [close(1000), text("x", { rsv: 7 })], 1000),
  closed("the rest of a message", [text("x", more), close(1000), continuation("y")], 1000),
  closed("all of them", [text("x"), close(1000), text("y"), ping("z"), close(1001)], 1000, [
    seen("text", "x"),
  ]),
];

const mayTravel = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
const mayNotTravel = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

const noUtf8: readonly (readonly [what: string, reason: Buffer])[] = [
  ["0xFF", hex("ff")],
  ["a character cut off", hex("c3")],
  ["a lone continuation byte", hex("6f6b 80 6f6b")],
  ["a surrogate", hex("ceba eda080 6f6b")],
  ["an overlong slash", hex("c0af")],
];

export const closeSections: readonly Section[] = [
  { title: "5.5.1 Close frames", cases: frames },
  { title: "5.5.1 What comes behind a close frame", cases: behind },
  {
    title: "7.4 Close codes that may travel",
    cases: mayTravel.flatMap((code) => [
      closed(`${code}`, [close(code)], code),
      closed(`${code} with a reason`, [close(code, "why")], code),
    ]),
  },
  {
    title: "7.4 Close codes that may not travel",
    cases: mayNotTravel.flatMap((code) => [
      failed(`${code}`, [close(code)]),
      failed(`${code} with a reason`, [close(code, "why")]),
    ]),
  },
  {
    title: "8.1 Close reasons that are not UTF-8",
    cases: noUtf8.map(([what, reason]) => failed(what, [close(1000, reason)], 1007)),
  },
];
