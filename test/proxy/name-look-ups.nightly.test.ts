/** Every config of the corpora, as a stranger's and as one's own: its proxy asks nobody for the names in it. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import { skipLacking } from "../support/lacking.js";
import { withFolder } from "../support/with-folder.js";
import { control, lookUps } from "./support/look-ups.js";

const corpora = [
  { proxy: "nginx", folder: "test/probe/corpus", ending: ".conf" },
  { proxy: "haproxy", folder: "test/proxy/haproxy/corpus", ending: ".cfg" },
  { proxy: "envoy", folder: "test/proxy/envoy/corpus", ending: ".yaml" },
] as const;

describe("names in whole configs", () => {
  for (const { proxy, folder, ending } of corpora) {
    for (const isConfined of [true, false]) {
      it(`of ${isConfined ? "strangers" : "one's own"} are asked of nobody by ${proxy}`, async (test) => {
        await withFolder(async (scratch) => {
          const whole = readdirSync(folder).filter((name) => name.endsWith(ending));
          // What is looked up at a request is the user's own wish.
          const paths = isConfined ? ["/sock"] : [];
          const answer = await lookUps(
            whole.map((name) => ({ proxy, file: resolve(folder, name), isConfined, paths })),
            scratch,
          );
          if (typeof answer === "string") return skipLacking(test, `no network of its own here: ${answer}`);
          assert.deepEqual([...new Set(answer.names)], [control]);
          const ran = answer.ends.filter(({ refusal }) => refusal === null);
          assert.ok(ran.length > whole.length / 2, `${ran.length} of ${whole.length} ran`);
        });
      });
    }
  }
});
