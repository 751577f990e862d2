/**
 * One config of nginx as an arm of wsrally's own, and run by somebody else with wsrally's backend behind it: what a message costs and
 * how long it takes is the same.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { withForeignProxy } from "../support/foreign-proxy.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { epollOnly } from "../support/with-pong-server.js";

const ratePerS = 3000;
const durationS = 2;
const blocks = 12;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

it("--behind costs the proxy no processor time, and a message no time on the wire", epollOnly, () =>
  withForeignProxy("nginx", ({ url, behind, config, usage }) =>
    withFolder(async (folder) => {
      const scenario = join(folder, "behind.yaml");
      const write = (arms: readonly string[]): void =>
        writeFileSync(
          scenario,
          JSON.stringify({
            arms,
            // Nobody places somebody else's proxy.
            cpus: "none",
            compare: { metrics: ["wire.p50"], margin: 0.1 },
            workload: { connections: 50, rate: ratePerS, warmup: 0.2, duration: durationS, blocks, behind },
          }),
        );
      const run = async (): Promise<RunDocument> => {
        const { code, stdout, stderr } = await runHere(["run", scenario, "--json", "--out", folder]);
        assert.equal(code, 0, stderr);
        return JSON.parse(stdout);
      };

      write([`own=nginx:${config}`, `far=${url}/sock`]);
      const before = usage();
      const { arms, comparisons } = await run();
      const spentNs = usage() - before;
      const far = arms.find(({ name }) => name === "far");
      const own = arms.find(({ name }) => name === "own");
      const sent =
        (far?.burnIn?.messages.sent ?? 0) + sum(far?.trials.map(({ accounting }) => accounting.clientSent));
      const farUs = spentNs / 1e3 / sent;
      const ownUs = median(own?.trials.flatMap(({ proxyCost }) => proxyCost?.cpuUsPerMessage ?? []) ?? []);
      const [comparison] = comparisons;
      const words = `CPU a message ${farUs.toFixed(2)} us, of its own ${ownUs.toFixed(2)}; wire p50 ${comparison?.ratio}x (${comparison?.ciLow} to ${comparison?.ciHigh}), ${comparison?.verdict}`;
      process.stderr.write(`# ${words}\n`);
      // Opening connections is in the one and not in the other.
      assert.ok(farUs < ownUs * 1.15 && farUs > ownUs * 0.85, words);
      assert.ok(comparison?.verdict !== "worse", words);
    }),
  ),
);

function sum(values: readonly number[] = []): number {
  return values.reduce((total, value) => total + value, 0);
}
