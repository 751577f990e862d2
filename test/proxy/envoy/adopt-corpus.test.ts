import assert from "node:assert/strict";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { UserFacingError } from "#wsrally/base/errors.js";
import type { ConfigRequest } from "#wsrally/proxy/driver.js";
import { adoptConfig } from "#wsrally/proxy/envoy/adopt/adopt-config.js";
import { printConfig } from "#wsrally/proxy/envoy/language/print-config.js";
import { corpus } from "./corpus-rows.js";
import { corpusFile } from "./support/corpus-file.js";

function requestFor(file: string, asked: Partial<ConfigRequest>): ConfigRequest {
  return {
    source: { kind: "file", file },
    backend: { host: "127.0.0.1", port: 1 },
    connections: 10,
    path: null,
    serverName: null,
    host: null,
    access: "opened",
    upstream: "ours",
    confinedTo: null,
    variant: null,
    isPlaced: false,
    ...asked,
  };
}

/** What wsrally itself refuses as it reads; the rest is Envoy's to refuse. */
const byReading = new Set(["refused-yaml.yaml", "refused-plane.yaml", "refused-value.yaml"]);

describe("Envoy's corpus, as it is adopted", () => {
  for (const { file, changes, refused, confined } of corpus) {
    const path = corpusFile(file);
    const wanted = byReading.has(file) ? refused : undefined;
    it(`takes ${file}`, async () => {
      const adopting = adoptConfig(path, requestFor(path, { path: "/ws" }));
      if (wanted !== undefined)
        return assert.rejects(
          adopting,
          (thrown) => thrown instanceof UserFacingError && wanted.test(thrown.message),
        );
      const { tree, changes: listed } = await adopting;
      if (changes !== undefined) assert.match(listed.join("\n"), changes);
      // Nothing of it leads anywhere but to wsrally's backend, to itself, and to files beside it.
      assert.doesNotMatch(
        printConfig(tree),
        /app\.internal:|"address": "(?!127\.0\.0\.1|@wsrally-backend-host@|10\.0\.0\.0)|_DNS|"\/etc\//,
      );
    });
    it(`walls ${file} in`, async () => {
      const confinedTo = [{ path: dirname(path), tracked: null }];
      const adopting = adoptConfig(path, requestFor(path, { confinedTo }));
      const refusal = confined ?? wanted;
      if (refusal === undefined) await adopting;
      else
        await assert.rejects(
          adopting,
          (thrown) => thrown instanceof UserFacingError && refusal.test(thrown.message),
        );
    });
  }
});
