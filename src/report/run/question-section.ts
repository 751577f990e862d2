/** What was asked: the scenario, its arms and their load, so that a report stands by itself. */
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import {
  absent,
  formatCount,
  formatNumberOf,
  formatPercent,
  formatPerS,
  formatSeconds,
} from "../words/format.js";
import { heading } from "../words/words.js";
import {
  connectionWords,
  loopWords,
  messageWords,
  networkWords,
  unaskedWords,
} from "../words/workload-words.js";
import { allTrials, blocksRun } from "./run-facts.js";

type ScenarioArm = RunDocument["scenario"]["arms"][number];

/** Enough of a digest to tell two configs apart at a glance. */
const digestLength = 12;

export function renderQuestion(document: RunDocument, page: Page): string[] {
  const { scenario } = document;
  const isSearch = [document.capacity, document.soak, document.rollouts].some((part) => part !== undefined);
  const words = (text: string): string[] => wrapText(text, page.width, { first: 2, rest: 4 });
  return [
    ...heading("Asked", page),
    ...words(`scenario ${escapeControls(scenario.name)}, run ${escapeControls(document.runId)}`),
    ...(scenario.description === null ? [] : words(escapeControls(scenario.description))),
    ...words(loadWords(document)),
    ...words(planWords(document)),
    "",
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "proxy", align: "left", keep: 1 },
          { title: "config", align: "left", flexible: true },
          ...(isSearch ? [] : [{ title: "load", align: "left" } as const]),
        ],
        rows: scenario.arms.map((arm) => armRow(arm, document)),
      },
      page,
    ),
  ];
}

function armRow(arm: ScenarioArm, document: RunDocument): Row {
  const result = document.arms.find(({ name }) => name === arm.name);
  const digest = result?.proxy.configSha256?.slice(0, digestLength);
  const set = Object.entries(arm.set).map(([directive, value]) => `${directive} ${value}`);
  const config = [...configSource(arm), ...set, ...(digest === undefined ? [] : [`sha256 ${digest}`])].join(
    ", ",
  );
  const proxy = result
    ? [result.proxy.kind, result.proxy.version, ...hostWords(result)].filter((part) => part !== null)
    : [arm.arm];
  const changes = result?.proxy.changes ?? [];
  return {
    cells: [
      escapeControls(arm.name),
      escapeControls(proxy.join(" ")),
      config === "" ? absent : escapeControls(config),
      `${loopWords(arm.workload, result?.ratePerS ?? null)}${shareWords(result)}`,
    ],
    notes: changes.map((change) => `changed to run here: ${escapeControls(change)}`),
  };
}

function hostWords({ proxy: { agent } }: RunDocument["arms"][number]): string[] {
  return agent === undefined ? [] : [`on ${agent}`];
}

/** What was changed of each arm's config to run it here; nothing where nothing was. */
export function renderChanges({ arms }: RunDocument, page: Page): string[] {
  const changed = arms.filter(({ proxy }) => proxy.changes.length > 0);
  return changed.flatMap(({ name, proxy }) => [
    ...heading(`Changed in ${escapeControls(name)} to run here`, page),
    ...proxy.changes.flatMap((change) => wrapText(escapeControls(change), page.width, { first: 2, rest: 4 })),
  ]);
}

/** What a paced load is a share of. */
function shareWords(result: RunDocument["arms"][number] | undefined): string {
  if (result?.ratePerS == null || result.saturatedPerS === null) return "";
  return `, ${formatPercent(result.ratePerS / result.saturatedPerS)} of ${formatPerS(result.saturatedPerS)}/s`;
}

/** The file or the URL that the arm names, which its kind alone does not say. */
function configSource({ arm }: ScenarioArm): string[] {
  const source = /^(?:[^=/:]+=)?(?:([a-z]+):(?!\/\/)(?<file>.+)|(?<url>wss?:.+))$/iu.exec(arm)?.groups;
  return [source?.file, source?.url].filter((part) => part !== undefined);
}

/** `1,000 connections, message ping`, with every value that some arm has. */
function loadWords({ scenario }: RunDocument): string {
  const workloads = scenario.arms.map(({ workload }) => workload);
  const parts = [
    [...new Set(workloads.map(connectionWords))].join(" or "),
    [...new Set(workloads.map(messageWords))].join(" or "),
    [...new Set(workloads.map(unaskedWords))].join(" or "),
    [...new Set(workloads.map(networkWords))].filter((text) => text !== "").join(" or "),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** Blocks, window, engine and seed. */
function planWords(document: RunDocument): string {
  const { capacity, soak, rollouts, seed } = document;
  if (capacity !== undefined) {
    const steps = [capacity, ...capacity.others].reduce((sum, arm) => sum + arm.steps.length, 0);
    return `${formatNumberOf(steps, "step")} run, seed ${seed}`;
  }
  if (rollouts !== undefined) return `${formatNumberOf(rollouts.length, "time")} gone through, seed ${seed}`;
  if (soak !== undefined) {
    const { windows, voidWindows = [] } = soak;
    const lost = voidWindows.length === 0 ? "" : `, ${formatCount(voidWindows.length)} void`;
    return `${formatNumberOf(windows.length, "window")} measured${lost}, seed ${seed}`;
  }
  const trials = allTrials(document);
  const planned = document.scenario.blocks;
  const most = document.plan?.blocks ?? null;
  const blocks = formatNumberOf(blocksRun(document), "block");
  const engines = [...new Set(trials.map(({ engine }) => escapeControls(engine)))];
  const windows = trials.map(({ durationS }) => durationS);
  const window =
    windows.length === 0
      ? []
      : [
          `${spanWords(Math.min(...windows), Math.max(...windows))} measured in each trial${slotWords(document)}`,
        ];
  return [
    planned === null
      ? `${blocks} run${most === null ? "" : `, at most ${formatPerS(most)} planned`}`
      : `${blocks} of ${formatPerS(planned)} run`,
    ...window,
    ...(engines.length === 0 ? [] : [`engine ${engines.join(", ")}`]),
    `seed ${seed}`,
  ].join(", ");
}

/** Nothing where each trial has its time to itself. */
function slotWords({ plan }: RunDocument): string {
  return plan?.slotS === undefined ? "" : ` in slots of ${formatSeconds(plan.slotS)}`;
}

function spanWords(least: number, greatest: number): string {
  const low = formatSeconds(least);
  const high = formatSeconds(greatest);
  return low === high ? low : `${low} to ${high}`;
}
