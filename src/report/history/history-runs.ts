/** The runs of a history as a table: which commit, on which machine, what came out. */
import type { HistoryDocument } from "../../results/history-document.js";
import type { Machine } from "../../results/machine-schema.js";
import type { SectionOptions } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { formatCommit } from "../words/commit-words.js";
import { formatBytes, formatRatio } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { dimText, heading } from "../words/words.js";
import { momentOf } from "./run-words.js";

/** `full` lists all. */
const listedRuns = 10;

/** The newest runs, or all of them, with the first series beside them. */
export function renderHistoryRuns(
  { runs, series }: HistoryDocument,
  { page, detail }: SectionOptions,
): string[] {
  const machines = [...new Set(runs.map(({ machine }) => machineText(machine)))];
  const shown = detail === "full" ? runs : runs.slice(-listedRuns);
  const hasTags = shown.some(({ tags }) => tags !== undefined);
  const [first] = series;
  const points = new Map(first?.points.map((point) => [point.runId, point]));
  return [
    ...heading(shown.length < runs.length ? `The newest ${shown.length} runs` : "Runs", page),
    ...renderTable(
      {
        columns: [
          { title: "started", align: "left" },
          { title: "commit", align: "left" },
          { title: "branch", align: "left", keep: 2 },
          ...(hasTags ? [{ title: "tags", align: "left" as const, keep: 5 }] : []),
          ...(machines.length > 1 ? [{ title: "machine", align: "left" as const, keep: 3 }] : []),
          { title: first === undefined ? "" : metricWords(first.metric), align: "right" },
          { title: "interval", align: "right", keep: 4 },
          { title: "run", align: "left", keep: 1 },
        ],
        rows: shown.map((run) => {
          const point = points.get(run.runId);
          const text = formatRatio(point?.ratio, point?.ciLow, point?.ciHigh);
          return {
            cells: [
              momentOf(run),
              formatCommit(run.commit),
              escapeControls(run.commit?.branch ?? "-"),
              ...(hasTags ? [escapeControls(run.tags?.join(", ") ?? "-")] : []),
              ...(machines.length > 1 ? [letterOf(machines.indexOf(machineText(run.machine)))] : []),
              text.ratio,
              text.interval,
              run.runId,
            ],
          };
        }),
      },
      page,
    ),
    ...(machines.length > 1
      ? machines.flatMap((machine, i) => dimText(`${letterOf(i)}: ${escapeControls(machine)}`, page))
      : []),
    ...(runs.some(({ commit }) => commit?.dirty)
      ? dimText("+: tracked files differed from the commit", page)
      : []),
  ];
}

/** `2 x AMD EPYC, 7.45 GiB, linux 6.1.0, virtual machine docker` */
export function machineText({
  cpus,
  cpuModel,
  memoryBytes,
  os,
  kernel,
  hypervisor,
  container,
}: Machine): string {
  const place = [hypervisorWords(hypervisor), container].filter((word) => word !== null).join(", ");
  return `${cpus} x ${cpuModel ?? "CPU"}, ${formatBytes(memoryBytes)}, ${os} ${kernel}${place === "" ? "" : `, ${place}`}`;
}

function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}

function hypervisorWords(hypervisor: string | null): string | null {
  if (hypervisor === null || hypervisor === "none") return null;
  return hypervisor === "unnamed" ? "virtual machine" : hypervisor;
}
