import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptyTable, encodeHeaders } from "#wsrally/http2/encode-headers.js";
import { HpackDecoder } from "#wsrally/http2/hpack-decoder.js";
import { fc } from "../support/seeded-fast-check.js";

type Pairs = readonly (readonly [name: string, value: string])[];

function decode(decoder: HpackDecoder, block: Buffer): Pairs | null {
  return decoder.decode(block)?.map(({ name, value }) => [name, value] as const) ?? null;
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

/** RFC 7541, C.6: Huffman texts, and a table of 256 bytes out of which entries fall. */
const cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
const late = "Mon, 21 Oct 2013 20:13:22 GMT";
const early = "Mon, 21 Oct 2013 20:13:21 GMT";
const site = "https://www.example.com";
const responses: readonly (readonly [block: string, fields: Pairs])[] = [
  [
    "3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
    [
      [":status", "302"],
      ["cache-control", "private"],
      ["date", early],
      ["location", site],
    ],
  ],
  [
    "4883 640e ffc1 c0bf",
    [
      [":status", "307"],
      ["cache-control", "private"],
      ["date", early],
      ["location", site],
    ],
  ],
  [
    "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
    [
      [":status", "200"],
      ["cache-control", "private"],
      ["date", late],
      ["location", site],
      ["content-encoding", "gzip"],
      ["set-cookie", cookie],
    ],
  ],
];

describe("HpackDecoder", () => {
  it("decodes the responses of RFC 7541, C.6, each with the table that the one before left", () => {
    const decoder = new HpackDecoder();
    for (const [block, fields] of responses) assert.deepEqual(decode(decoder, hex(block)), fields);
  });

  const undecodable: readonly (readonly [what: string, block: string])[] = [
    ["index 0", "80"],
    ["an index behind the tables", "be"],
    ["a text that is cut off", "0083 6162"],
    ["a number that is cut off", "ff"],
    ["a number that never ends", "ff80 8080 8080 8080 8001"],
    ["Huffman padding of a whole byte", "0082 1fff 00"],
    ["Huffman padding that is not all ones", "0081 1800"],
    ["Huffman's own end", "0084 ffff ffff 00"],
    ["a table larger than we allow", "3fe2 1f"],
    ["a change of the table behind a field", "8220"],
  ];
  for (const [what, block] of undecodable)
    it(`refuses ${what}`, () => assert.equal(decode(new HpackDecoder(), hex(block)), null));

  it("decodes what is encoded, whatever it is", () => {
    const text = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    });
    const name = fc.oneof(fc.constantFrom(":path", ":status", "origin", "cookie"), text);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text)), (pairs) => {
        const block = encodeHeaders(pairs.map(([name, value]) => ({ name, value })));
        assert.deepEqual(decode(new HpackDecoder(), Buffer.concat([emptyTable, block])), pairs);
      }),
    );
  });

  it("takes any bytes without an error of its own", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (blocks) => {
        const decoder = new HpackDecoder();
        for (const block of blocks) decoder.decode(Buffer.from(block));
      }),
    );
  });
});
