import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import {
  entryOf,
  itemsAt,
  nodeAt,
  secondsAt,
  textAt,
  withField,
} from "#wsrally/proxy/envoy/language/config-node.js";
import { parseConfig } from "#wsrally/proxy/envoy/language/parse-config.js";
import { nodeOf, plainOf } from "#wsrally/proxy/tree/config-node.js";

/** As Envoy 1.36 and 1.40 made JSON of them: their refusal of a wrong value shows it. */
const scalars: readonly (readonly [string, unknown])[] = [
  ["08", "08"],
  ["017620", 8080],
  ["0x1F90", 8080],
  ["-0x10", -16],
  ["+5", 5],
  ["0b1", "0b1"],
  ["00", 0],
  ["99999999999", "99999999999"],
  ["9999999999999999999", "9999999999999999999"],
  ["1.", "1."],
  ["1e3", "1e3"],
  [".inf", ".inf"],
  ["y", true],
  ["Y", true],
  ["On", true],
  ["oN", "oN"],
  ["TrUe", "TrUe"],
  ["no", false],
  ["'y'", "y"],
  ['"yes"', "yes"],
  ["!!str yes", true],
  ['!!int "5"', 5],
  ["! yes", "yes"],
  ["~", null],
  ["", null],
  ['""', ""],
  ["null", null],
  ["1_000", "1_000"],
  ["|\n  on", "on\n"],
];

describe("a value of YAML", () => {
  for (const [text, value] of scalars)
    it(`${JSON.stringify(text)} is ${JSON.stringify(value)}`, () => {
      assert.deepEqual(plainOf(parseConfig("envoy.yaml", `a: ${text}\n`)), { a: value });
    });
});

const text = `# a comment
node: {id: a, cluster: b}
node: {id: c}
static_resources:
  listeners: &l
  - {name: one,
     connectTimeout: 1.5s}
  clusters: *l
---
node: {id: second}
`;

describe("parseConfig()", () => {
  const tree = parseConfig("site.yaml", text);
  it("takes the last of a field that stands twice, and the first document", () => {
    assert.deepEqual(plainOf(nodeAt(tree, "node") ?? nodeOf(null)), { id: "c" });
    assert.equal(entryOf(tree, "node")?.place?.line, 3);
  });
  it("follows an alias, which has its own place", () => {
    const [first = null] = itemsAt(tree, "static_resources", "clusters");
    assert.deepEqual([textAt(first, "name"), first?.place?.line], ["one", 6]);
  });
  it("knows a field by either of its names", () => {
    const [first = null] = itemsAt(tree, "static_resources", "listeners");
    assert.deepEqual(
      [secondsAt(first, "connect_timeout"), entryOf(first, "connect_timeout")?.place?.line],
      [1.5, 7],
    );
  });
  it("takes one thing for a list of one", () => {
    const single = parseConfig("a.yaml", "upgrade_configs: {upgrade_type: websocket}\n");
    assert.deepEqual(
      itemsAt(single, "upgrade_configs").map((item) => textAt(item, "upgrade_type")),
      ["websocket"],
    );
  });
  it("puts a field in the place of the one that was there", () => {
    const changed = withField(parseConfig("a.yaml", "a: 1\nbC: 2\nb_c: 3\nd: 4\n"), "b_c", nodeOf(5));
    assert.deepEqual(plainOf(changed), { a: 1, b_c: 5, d: 4 });
  });
  it("reads JSON with tabs, and tells where it is none", () => {
    assert.deepEqual(plainOf(parseConfig("a.json", '{\n\t"a": {\n\t\t"b": "c\\/d"\n\t}\n}')), {
      a: { b: "c/d" },
    });
    assert.throws(
      () => parseConfig("a.json", '{\n"a": 1,\n}'),
      (thrown) =>
        thrown instanceof ConfigRefusedError && /a\.json:3: .*takes a file for JSON/.test(thrown.message),
    );
  });
  for (const [wrong, words] of [
    ["a:\n- b\n c: 1\n", /site\.yaml:2: /],
    ["a:\n\t- b\n", /site\.yaml:2: not YAML: Tabs/],
    ["- a\n", /site\.yaml:1: a config is a map/],
    [
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(99)}*a]\nc: &c [${"*b,".repeat(99)}*b]\nd: [${"*c,".repeat(9)}*c]\n`,
      /more than 200000 values/,
    ],
  ] as const)
    it(`refuses ${JSON.stringify(wrong.slice(0, 20))}`, () => {
      assert.throws(
        () => parseConfig("site.yaml", wrong),
        (thrown) => thrown instanceof ConfigRefusedError && words.test(thrown.message),
      );
    });
  it("takes an empty file for an empty config", () =>
    assert.deepEqual(plainOf(parseConfig("a.yaml", "")), {}));
});
