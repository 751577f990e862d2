/** `wsrally verify` of folders that are right, that were changed, and that somebody made who wishes the reader ill. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeCostTableFolder } from "../support/cost-table-folder.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const run = "a-cost-run";

function replaceIn(file: string, piece: RegExp, by: string): void {
  const text = readFileSync(file, "utf8");
  assert.match(text, piece);
  writeFileSync(file, text.replace(piece, by));
}

const cases: readonly [what: string, change: (folder: string) => void, code: number, says: RegExp][] = [
  [
    "as it was made",
    () => undefined,
    0,
    /^All \d+ figures of .* follow from its runs \(1 runs, 14 trials, 28,000 values/,
  ],
  [
    "a figure of the table changed",
    (folder) => replaceIn(join(folder, "cost-table.json"), /"median":9\.3/, '"median":8.3'),
    20,
    /cpuUsPerMessage: median is 8\.3 in the table, and 9\.3 by the runs/,
  ],
  [
    "a percentile of a trial changed",
    (folder) => replaceIn(join(folder, run, "run.json"), /"p50":\d+/, '"p50":55'),
    20,
    /a-cost-run, nginx, block 0: roundTrip\.p50 is 55\S* in the document, and 116\S+ by its histogram/,
  ],
  [
    "a cost of a trial made smaller",
    (folder) => replaceIn(join(folder, run, "run.json"), /"cpuUsPerMessage":9,/, '"cpuUsPerMessage":4,'),
    20,
    /cpuUsPerMessage 4 at .* comes to .* of a processor, and cpuShare is 0\.09/,
  ],
  [
    "a cost of a trial made greater",
    (folder) => replaceIn(join(folder, run, "run.json"), /"cpuUsPerMessage":9,/, '"cpuUsPerMessage":12,'),
    20,
    /cpuUsPerMessage is 12, and its parts come to 9/,
  ],
  [
    "a trial's histograms left out",
    (folder) => replaceIn(join(folder, run, "nginx.hlog"), /Tag=.*\n/, ""),
    20,
    /7 trials in the document, and 6 in its histograms/,
  ],
  [
    "a run that the table leaves out",
    (folder) => {
      mkdirSync(join(folder, "another"));
      cpSync(join(folder, run, "run.json"), join(folder, "another", "run.json"));
    },
    20,
    /another: the run lies there, and the table leaves it out/,
  ],
  [
    "no table",
    (folder) => rmSync(join(folder, "cost-table.json")),
    2,
    /cost-table\.json: there is no such file/,
  ],
  [
    "no run",
    (folder) => rmSync(join(folder, run), { recursive: true }),
    2,
    /run\.json: there is no such file/,
  ],
  [
    "a table that is a link",
    (folder) => {
      rmSync(join(folder, "cost-table.json"));
      symlinkSync("/etc/passwd", join(folder, "cost-table.json"));
    },
    2,
    /it is a link/,
  ],
  [
    "a table that is a pipe",
    (folder) => {
      rmSync(join(folder, "cost-table.json"));
      execFileSync("mkfifo", [join(folder, "cost-table.json")]);
    },
    2,
    /it is a pipe or a device/,
  ],
  [
    "a run elsewhere",
    (folder) => replaceIn(join(folder, "cost-table.json"), /"a-cost-run"/, '"../a-cost-run"'),
    2,
    /runs\.0: /,
  ],
  [
    "another run in its place",
    (folder) => replaceIn(join(folder, run, "run.json"), /"runId":"a-cost-run"/, '"runId":"x"'),
    2,
    /it is another run's/,
  ],
  [
    "a broken histogram",
    (folder) => replaceIn(join(folder, run, "nginx.hlog"), /HIST\w+/, "HISTxx"),
    2,
    /Cannot read the histograms of .*nginx\.hlog/,
  ],
];

describe("wsrally verify", () => {
  for (const [what, change, code, says] of cases) {
    it(`ends with ${code} for ${what}`, async () => {
      await withFolder(async (folder) => {
        makeCostTableFolder(folder);
        change(folder);
        const result = await runHere(["verify", folder]);
        assert.equal(result.code, code, result.stderr);
        assert.match(code === 2 ? result.stderr : result.stdout, says);
      });
    });
  }

  it("tells the same as JSON", async () => {
    await withFolder(async (folder) => {
      makeCostTableFolder(folder);
      const { code, stdout } = await runHere(["verify", folder, "--json"]);
      const { faults, trials } = JSON.parse(stdout);
      assert.deepEqual([code, faults, trials], [0, [], 14]);
    });
  });
});
