import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { jsonSchemas } from "#wsrally/results/json-schemas.js";

describe("the published schemas", () => {
  for (const [name, schema] of Object.entries(jsonSchemas())) {
    it(`schemas/${name} is what the program checks with`, () => {
      assert.deepEqual(
        JSON.parse(readFileSync(`schemas/${name}`, "utf8")),
        JSON.parse(JSON.stringify(schema)),
      );
    });
  }
});
