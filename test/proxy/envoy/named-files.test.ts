import assert from "node:assert/strict";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { namedFiles } from "#wsrally/proxy/envoy/adopt/named-files.js";
import { corpusFile } from "./support/corpus-file.js";

describe("namedFiles()", () => {
  it("follows what a config takes its listeners, routes, clusters and endpoints from", async () => {
    const file = corpusFile("good-files/envoy.yaml");
    const asked: string[] = [];
    const { configs, others } = await namedFiles(file, {
      folders: [{ path: dirname(file), tracked: null }],
      provide: async (path) => void asked.push(path),
    });
    assert.deepEqual([...configs.keys()].sort(), [
      "cds.yaml",
      "eds.yaml",
      "envoy.yaml",
      "lds.yaml",
      "rds.yaml",
    ]);
    assert.equal(others.size, 0);
    assert.ok(asked.length >= 4);
  });

  it("leaves alone what lies outside", async () => {
    const { configs } = await namedFiles(corpusFile("good-files/envoy.yaml"), { folders: [] });
    assert.deepEqual([...configs.keys()], ["envoy.yaml"]);
  });
});
