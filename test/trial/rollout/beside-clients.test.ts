import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { besideCount, grownEach } from "#wsrally/trial/rollout/beside-clients.js";

describe("grownEach()", () => {
  const rows = [
    { what: "memory that grew", before: 1000, after: 3000, clients: 20, each: 100 },
    { what: "memory that shrank", before: 3000, after: 1000, clients: 20, each: null },
    { what: "memory that stayed", before: 1000, after: 1000, clients: 20, each: null },
    { what: "nobody to grow for", before: 1000, after: 3000, clients: 0, each: null },
    { what: "memory not seen before", before: null, after: 3000, clients: 20, each: null },
    { what: "memory not seen after", before: 1000, after: null, clients: 20, each: null },
  ];
  for (const { what, before, after, clients, each } of rows)
    it(`${each === null ? "says nothing" : "is a share"} of ${what}`, () => {
      assert.equal(grownEach(before, after, clients), each);
    });
});

describe("besideCount()", () => {
  const rows = [
    { share: 0.1, clients: 60, count: 6 },
    { share: 0.1, clients: 3, count: 1 },
    { share: 0.5, clients: 10_000, count: 100 },
  ];
  for (const { share, clients, count } of rows)
    it(`is ${count} for ${share} of ${clients}`, () => assert.equal(besideCount(share, clients), count));
});
