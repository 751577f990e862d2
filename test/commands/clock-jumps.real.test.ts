/** A time of day that is set again and again while a run measures: it shows in no figure. */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { engines } from "../support/engines.js";
import { runCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

const perS = 200;
const durationS = 1;
const load = [
  "--connections",
  "5",
  "--rate",
  `${perS}`,
  "--duration",
  `${durationS}`,
  "--warmup",
  "0",
  "--blocks",
  "1",
];
const hourUs = 3.6e9;

describe("a clock of the day that jumps an hour fifty times a second", () => {
  for (const engine of engines.slice(0, 2))
    it(`shows in no figure by ${engine}`, async () => {
      await withFolder(async (cwd) => {
        const { code, stdout, stderr } = await runCli(
          ["run", "direct", ...load, "--engine", engine, "--json"],
          {
            cwd,
            env: { NODE_OPTIONS: `--import ${resolve("dist-test/support/jumping-clock.js")}` },
            through: ["timeout", "--signal=KILL", "120"],
          },
        );
        assert.equal(code, 0, stderr);
        const [trial] = (JSON.parse(stdout) as RunDocument).arms[0]?.trials ?? [];
        assert.ok(trial !== undefined);
        assert.deepEqual(trial.failures, []);
        assert.equal(trial.messages.sent, perS * durationS);
        assert.equal(trial.messages.received, perS * durationS);
        for (const [series, figures] of Object.entries(trial.latencyUs))
          for (const [name, value] of Object.entries(figures ?? {}))
            assert.ok(value == null || (value >= 0 && value < hourUs / 2), `${series} ${name} ${value}`);
        assert.ok(trial.throughputPerS < 2 * perS, `${trial.throughputPerS} replies a second`);
      });
    });
});
