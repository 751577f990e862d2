/** What became of each stage of a load: its rate, latency, failures and the proxy's processor time. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { StageResult } from "../../results/stage-result.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { formatCount, formatPerS, formatSeconds, formatUs } from "../words/format.js";
import { medianOf } from "../words/median.js";
import { dimText, heading } from "../words/words.js";
import { countedTrials, sumOf } from "./run-facts.js";

/** Nothing for a load without stages. */
export function renderStages({ arms }: RunDocument, page: Page): string[] {
  const rows = arms.flatMap(stageRows);
  if (rows.length === 0) return [];
  return [
    ...heading("Stage by stage", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left", grouped: true },
          { title: "from", align: "right", keep: 1 },
          { title: "stage", align: "left" },
          { title: "replies", align: "right", keep: 2 },
          { title: "p50", align: "right" },
          { title: "p99", align: "right" },
          { title: "failures", align: "right" },
          { title: "CPU a message", align: "right", keep: 3 },
        ],
        rows,
      },
      page,
    ),
    ...dimText("p50 and p99 on the wire, or of the round trip where the kernel stamps no replies;", page),
    ...dimText("medians of the trials that count, failures of all", page),
  ];
}

function stageRows(arm: ArmResult): Row[] {
  const counted = countedTrials(arm).trials.map(({ stages = [] }) => stages);
  const all = arm.trials.map(({ stages = [] }) => stages);
  return (all[0] ?? []).map((stage, at): Row => {
    const median = (read: (one: StageResult) => number | null): number | null =>
      medianOf(counted.flatMap((stages) => stages[at] ?? []).map(read)).median;
    const failures = sumOf(all.map((stages) => stages[at]?.failures ?? 0));
    const latency = ({ latencyUs }: StageResult) => latencyUs.wire ?? latencyUs.roundTrip;
    return {
      cells: [
        escapeControls(arm.name),
        formatSeconds(stage.fromS),
        stageWords(stage),
        `${formatPerS(median(({ messages, forS }) => messages.received / forS))}/s`,
        formatUs(median((one) => latency(one).p50)),
        formatUs(median((one) => latency(one).p99)),
        { text: formatCount(failures), ...(failures > 0 ? { style: "red" as const } : {}) },
        formatUs(median(({ cpuUsPerMessage }) => cpuUsPerMessage)),
      ],
    };
  });
}

/** `10 s at 1,000 to 5,000/s with 100 to 2,000 connections`. */
function stageWords({ forS, rate, connections }: StageResult): string {
  const span = ({ from, to }: NonNullable<StageResult["rate"]>): string =>
    from === to ? formatPerS(from) : `${formatPerS(from)} to ${formatPerS(to)}`;
  const at = rate === undefined ? "" : ` at ${span(rate)}/s`;
  const withConnections = connections === undefined ? "" : ` with ${span(connections)} connections`;
  return `${formatSeconds(forS)}${at}${withConnections}`;
}
