import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCsv } from "#wsrally/base/csv.js";

describe("parseCsv()", () => {
  const rows: readonly (readonly [what: string, text: string, records: string[][] | null])[] = [
    ["nothing", "", []],
    ["one line without an end", "a,b", [["a", "b"]]],
    [
      "either end of line",
      "a,b\r\nc,d\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["empty fields, first, between and last", ",,\n", [["", "", ""]]],
    [
      "quotes around commas, breaks and doubled quotes",
      '"a,b","c\r\nd","e""f"\n',
      [["a,b", "c\r\nd", 'e"f']],
    ],
    ["a quoted empty field alone", '""\n', [[""]]],
    ["empty lines, which are none", "a\n\n\nb\n\n", [["a"], ["b"]]],
    ["a byte order mark", "\uFEFFa\n", [["a"]]],
    ["a quote that is never closed", 'a,"b\n', null],
    ["a quote within a bare field", 'a"b\n', null],
    ["something behind a closing quote", '"a"b\n', null],
  ];
  for (const [what, text, records] of rows) {
    it(`reads ${what}`, () => assert.deepEqual(parseCsv(text), records));
  }
});
