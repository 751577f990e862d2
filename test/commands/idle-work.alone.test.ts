import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { assertDocument } from "../support/assert-document.js";
import type { CliResult } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

function parse({ code, stdout, stderr }: CliResult): RunDocument {
  assert.equal(code, 0, stderr);
  const document = JSON.parse(stdout) as RunDocument;
  assertDocument("run", document);
  return document;
}

describe("wsrally compare, of a relay that burns 0.45 s of every second, whoever has the load", () => {
  const load = ["--connections", "20", "--rate", "2500", "--duration", "0.6", "--warmup", "0.1"];
  const arms = ["embedded", "slow=embedded", "--set", "stall_ms=450"];
  // An arm has at most 0.4 s of its own slots on end, so that some of it falls into the other's, wherever it falls.
  const measured = (out: string, ...more: string[]): Promise<CliResult> =>
    runHere(["compare", ...arms, ...load, "--blocks", "1", ...more, "--out", out]);

  it("is seen in the burn-in, and has a trial of each block to itself", async () => {
    await withFolder(async (out) => {
      const document = parse(await measured(out, "--json"));
      assert.match(
        document.plan?.whyBlocks ?? "",
        /^slow used \d+\.\d % of a processor while others had the load$/,
      );
      assert.equal(document.plan?.slotS, undefined);
      for (const { trials } of document.arms) {
        assert.equal(trials[0]?.slots, undefined);
        assert.equal(trials[0]?.proxyCost?.idleCpuShare, undefined);
      }
    });
  });

  it("keeps to slots that were asked for, is told of, and pays for its own slots alone", async () => {
    await withFolder(async (out) => {
      const document = parse(await measured(out, "--interleave", "slots", "--json"));
      assert.equal(document.plan?.slotS, 0.2);
      const [plain, slow] = document.arms.map(({ trials }) => trials[0]?.proxyCost?.idleCpuShare);
      assert.ok((plain ?? 0) < 0.05, `${plain}`);
      assert.ok((slow ?? 0) > 0.1, `${slow}`);
      const [warning] = document.warnings.filter(({ code }) => code === "idle-work");
      assert.match(warning?.message ?? "", /^slow used \d+\.\d % of a processor/);
    });
  });
});
