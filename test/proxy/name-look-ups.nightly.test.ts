/** Every config of the corpora, as a stranger's: its proxy asks nobody for the names in it. */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { withFolder } from "../support/with-folder.js";
import { configWith } from "./support/harmless-forms.js";
import { asked, lookUps } from "./support/look-ups.js";

const corpora = [
  { proxy: "nginx", folder: "test/probe/corpus", ending: ".conf" },
  { proxy: "haproxy", folder: "test/proxy/haproxy/corpus", ending: ".cfg" },
] as const;

describe("names in whole configs of strangers", () => {
  for (const { proxy, folder, ending } of corpora) {
    it(`are asked of nobody by ${proxy}`, async (test) => {
      await withFolder(async (scratch) => {
        const own = join(scratch, "own.conf");
        writeFileSync(own, configWith([{ context: "server", line: `set_real_ip_from own${asked};` }]));
        const whole = readdirSync(folder).filter((name) => name.endsWith(ending));
        const answer = await lookUps(
          [
            { proxy: "nginx", file: own, isConfined: false, paths: [] },
            ...whole.map((name) => ({
              proxy,
              file: resolve(folder, name),
              isConfined: true,
              paths: ["/sock"],
            })),
          ],
          scratch,
        );
        if (typeof answer === "string") {
          assert.ok(!process.env.CI, answer);
          return test.skip(`no network of its own here: ${answer}`);
        }
        // A user's own config may ask, and the name server is told.
        assert.deepEqual([...new Set(answer.names)], [`own${asked}`]);
        const ran = answer.ends.filter(({ refusal }) => refusal === null);
        assert.ok(ran.length - 1 > whole.length / 2, `${ran.length - 1} of ${whole.length} ran`);
      });
    });
  }
});
