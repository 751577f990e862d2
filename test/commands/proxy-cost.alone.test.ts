/**
 * What a connection and a message cost a real nginx. Alone, for its share of memory falls with each other nginx that maps the same
 * libraries, and its ticks of processor time take a processor.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const connections = 400;
const load = [
  "--connections",
  `${connections}`,
  "--ramp",
  "1000",
  "--rate",
  "8000",
  "--warmup",
  "0.3",
  "--duration",
  "1",
];

describe("wsrally run, of what its proxy costs", { skip: process.platform !== "linux" }, () => {
  it("tells it for each connection and each message", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        ...["run", "nginx", ...load, "--blocks", "1", "--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const trial = (JSON.parse(stdout) as RunDocument).arms[0]?.trials[0];
      const cost = trial?.proxyCost ?? null;
      assert.ok(cost !== null);
      const { rssBytesBefore, rssBytesPeak, rssBytesAfter, rssBytesPerConnection, memoryPoints } = cost;
      assert.ok((memoryPoints ?? 0) >= 5, `${memoryPoints} looks while they opened`);
      const byDivision = ((rssBytesPeak ?? 0) - (rssBytesBefore ?? 0)) / connections;
      const ratio = (rssBytesPerConnection ?? 0) / byDivision;
      assert.ok(ratio > 0.6 && ratio < 1.4, `a slope of ${rssBytesPerConnection}, by division ${byDivision}`);
      assert.ok((cost.activeBytesPerConnection ?? 0) > 1000);
      assert.ok((rssBytesAfter ?? Number.POSITIVE_INFINITY) < (rssBytesPeak ?? 0), "memory is given back");
      assert.ok((cost.pssBytes ?? 0) > (cost.pssBytesBefore ?? Number.POSITIVE_INFINITY));
      const { userCpuUsPerMessage: user, systemCpuUsPerMessage: system } = cost;
      // A machine that gives nginx a fifth of a processor gives it ten ticks of 10 ms in half a second: a window of twice that, for
      // its first reading has come up to 0.27 s late where the ends take both processors as the load begins.
      const isSplit = user != null && system != null;
      assert.ok(isSplit || (cost.cpuShare ?? 0) < 0.25, `a share of ${cost.cpuShare} has ticks enough`);
      if (isSplit) assert.ok(Math.abs(user + system - (cost.cpuUsPerMessage ?? 0)) < 1e-6);
      const { perS, cpuUsPerHandshake } = trial?.opening ?? {};
      assert.ok((perS ?? 0) > 0 && (cpuUsPerHandshake ?? 0) > 0, `${perS} a second, ${cpuUsPerHandshake} µs`);
    });
  });
});
