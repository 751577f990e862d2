/** Trials into rows, and rows against trials. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildCostTable } from "#wsrally/judge/cost-table/build-cost-table.js";
import { checkCostTable } from "#wsrally/judge/cost-table/check-cost-table.js";
import { type CostTable, costTableSchema } from "#wsrally/results/cost-table-schema.js";
import { costRun, costTableOf } from "../../support/cost-table-folder.js";

describe("the cost table", () => {
  it("has the median of the sound trials, with its interval where six or more tell one", () => {
    const { messages, connections } = buildCostTable([costRun()]);
    const rows = messages.map(
      ({ kind, set, tls, bytes, connections: count, ratePerS, setAside, figures }) => ({
        row: [kind, set, tls, bytes, count, ratePerS, setAside],
        cpu: figures.cpuUsPerMessage,
      }),
    );
    const [first, second] = rows;
    assert.deepEqual(first?.row, ["nginx", {}, false, 64, 1000, null, 0]);
    assert.deepEqual(second?.row, ["nginx", { proxy_buffer_size: "16k" }, true, 64, 1000, null, 1]);
    // 9.0 to 9.6: of seven values the least and the greatest are the interval of the median.
    assert.deepEqual(first?.cpu, { trials: 7, median: 9.3, low: 9, high: 9.6, least: 9, most: 9.6 });
    assert.deepEqual([second?.cpu?.trials, second?.cpu?.median], [6, 10.25]);
    assert.deepEqual(
      connections.map(({ figures }) => figures.openedPerS?.median),
      [5003, 5002.5],
    );
  });

  it("shows no interval of five trials, and a figure that no trial tells as null", () => {
    const document = costRun();
    const few = {
      ...document,
      arms: document.arms.map((arm) => ({ ...arm, trials: arm.trials.slice(0, 5) })),
    };
    const [row] = buildCostTable([few]).messages;
    assert.deepEqual([row?.figures.messagesPerS?.low, row?.figures.messagesPerS?.trials], [null, 5]);
    assert.equal(row?.figures.wireP50Us, null);
  });

  it("keeps to its schema, and follows from its run", () => {
    const table = costTableOf(costRun());
    assert.deepEqual(costTableSchema.parse(table), table);
    const { figures, faults } = checkCostTable(table, [costRun()]);
    assert.deepEqual(faults, []);
    assert.ok(figures > 10);
  });

  const changes: readonly [what: string, change: (table: CostTable) => CostTable, says: RegExp][] = [
    [
      "a median",
      (table) => changedRow(table, { median: 8.9 }),
      /^nginx, ws, 1000 connections, 64 B, saturated: cpuUsPerMessage: median is 8\.9 in the table, and 9\.3 by the runs$/,
    ],
    [
      "an interval",
      (table) => changedRow(table, { low: null }),
      /low is null in the table, and 9 by the runs$/,
    ],
    [
      "a row that is gone",
      (table) => ({ ...table, messages: table.messages.slice(1) }),
      /the table leaves it out$/,
    ],
    [
      "a row of nothing",
      (table) => ({ ...table, messages: table.messages.map((row) => ({ ...row, bytes: 65 })) }),
      /the table has it, and no trial of the runs tells it$/,
    ],
    [
      "trials that were set aside",
      (table) => ({ ...table, messages: table.messages.map((row) => ({ ...row, setAside: 0 })) }),
      /setAside: median is 0 in the table, and 1 by the runs$/,
    ],
    ["another program", (table) => ({ ...table, programs: [] }), /the table does not name that program$/],
  ];
  for (const [what, change, says] of changes) {
    it(`does not follow with ${what} changed`, () => {
      const { faults } = checkCostTable(change(costTableOf(costRun())), [costRun()]);
      assert.ok(faults.length > 0);
      assert.match(faults[0] ?? "", says);
    });
  }
});

/** The first row's CPU a message, otherwise. */
function changedRow(table: CostTable, change: Partial<NonNullable<CostTable["otherShare"]>>): CostTable {
  const [row, ...others] = table.messages;
  const figure = row?.figures.cpuUsPerMessage;
  if (row === undefined || figure == null) throw new TypeError("The table has no first row");
  const figures = { ...row.figures, cpuUsPerMessage: { ...figure, ...change } };
  return { ...table, messages: [{ ...row, figures }, ...others] };
}
