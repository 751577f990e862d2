import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findSecrets, maskConfigText } from "#wsrally/proxy/envoy/language/mask-config.js";
import { parseConfig } from "#wsrally/proxy/envoy/language/parse-config.js";

const secret = "s3cret-correct-horse";

/** Each as it is written, and whether the secret is one there. */
const rows: readonly (readonly [string, boolean])[] = [
  [`- header: {key: authorization, value: "Bearer ${secret}"}`, true],
  [`- header:\n    key: authorization\n    value: Bearer ${secret}`, true],
  [`"header": {"key": "x-api-key", "value": "${secret}"}`, true],
  [`private_key: {inline_string: "${secret}"}`, true],
  [`private_key:\n  inline_string: ${secret}`, true],
  [`users: {inline_string: '${secret}'}`, true],
  [`password: ${secret}`, true],
  [`client_secret: "${secret}"`, true],
  [`direct_response: {status: 200, body: {inline_string: "${secret}"}}`, false],
  [`- header: {key: x-team, value: ${secret}}`, false],
  [`cluster: ${secret}`, false],
  [`name: ${secret}`, false],
];

describe("maskConfigText()", () => {
  for (const [text, isSecret] of rows)
    it(`${isSecret ? "masks" : "leaves"} ${JSON.stringify(text)}`, () => {
      const masked = maskConfigText(text);
      assert.equal(masked.includes(secret), !isSecret, masked);
      assert.equal(masked.split("\n").length, text.split("\n").length);
      assert.equal(maskConfigText(masked), masked, "the same when it is applied again");
    });
});

describe("findSecrets()", () => {
  it("tells those that stand in a tree, and nothing else", () => {
    const text = rows.map(([line], at) => `f${at}:\n  ${line.replaceAll("\n", "\n  ")}`).join("\n");
    const found: string[] = [];
    findSecrets(parseConfig("a.yaml", text), (value) => found.push(value));
    assert.equal(
      found.filter((value) => value.includes(secret)).length,
      rows.filter(([, isSecret]) => isSecret).length,
    );
  });
});
