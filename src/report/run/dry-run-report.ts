/** A dry run in words: the arms, what is compared, what it needs and how long it takes. */
import type { DryRun } from "../../results/dry-run-schema.js";
import type { Page } from "../draw/page.js";
import { createPaint } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { marginText } from "../words/compared-words.js";
import { formatCount, formatNumberOf, formatSecondsLeft } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { heading } from "../words/words.js";
import {
  connectionWords,
  loopWords,
  messageWords,
  networkWords,
  unaskedWords,
} from "../words/workload-words.js";

/** Ends in a newline. */
export function renderDryRun(document: DryRun, width: number): string {
  const page: Page = { width, paint: createPaint({ colour: false }) };
  const sections = [
    renderQuestion(document, page),
    renderArms(document, page),
    renderPairs(document, page),
    renderNeeds(document, page),
    renderTime(document, page),
    ...(document.agents === undefined ? [] : [renderAgents(document.agents, page)]),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function renderAgents(
  { wanted, proxyAgent, there, notAsked }: NonNullable<DryRun["agents"]>,
  page: Page,
): string[] {
  const wish = [
    ...(wanted === 0 ? [] : [`${formatNumberOf(wanted, "agent")} for the load`]),
    ...(proxyAgent === null ? [] : [`${proxyAgent} for the proxies`]),
  ].join(", ");
  const names = there.map(({ name, role, host }) => `${name} (${role}, on ${host})`).join(", ");
  const found = notAsked ?? (names === "" ? "none is there and free" : `there and free: ${names}`);
  const lines = [`wants ${wish}`, escapeControls(found)];
  return [
    ...heading("Agents", page),
    ...lines.flatMap((line) => wrapText(line, page.width, { first: 2, rest: 4 })),
  ];
}

function renderQuestion({ scenario, groups, arms }: DryRun, page: Page): string[] {
  const { name, description, axes, comparedAxis } = scenario;
  const matrix = axes.map(
    (axis) => `${axis.name} (${axis.values.join(", ")})${axis.name === comparedAxis ? ", compared" : ""}`,
  );
  const lines = [
    ...(description === null ? [] : [description]),
    `${formatNumberOf(arms.length, "arm")} under ${formatNumberOf(groups.length, "load")}`,
    ...(matrix.length === 0 ? [] : [`axes: ${matrix.join("; ")}`]),
  ];
  return [
    ...heading(`Would run ${escapeControls(name)}; nothing is started`, page),
    ...lines.flatMap((line) => wrapText(escapeControls(line), page.width, { first: 2, rest: 4 })),
  ];
}

function renderArms({ arms, groups }: DryRun, page: Page): string[] {
  const loads = groups.map(({ group, workload, arms: names }) => {
    const words = [
      connectionWords(workload),
      messageWords(workload),
      loopWords(workload, null),
      unaskedWords(workload),
      networkWords(workload),
    ];
    return `${group === "" ? formatNumberOf(names.length, "arm") : group}: ${words.filter((part) => part !== "").join(", ")}`;
  });
  return [
    ...heading("Arms", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "config", align: "left", flexible: true },
        ],
        rows: arms.map(({ name, arm, set, isFloor }) => ({
          cells: [
            escapeControls(name),
            escapeControls([arm, ...Object.entries(set).map((pair) => pair.join(" "))].join(", ")) +
              (isFloor ? " (floor, not compared)" : ""),
          ],
        })),
      },
      page,
    ),
    "",
    ...heading(groups.length === 1 ? "Load" : "Loads", page),
    ...loads.flatMap((line) => wrapText(escapeControls(line), page.width, { first: 2, rest: 4 })),
  ];
}

function renderPairs({ comparisons, scenario, arms }: DryRun, page: Page): string[] {
  const metrics = scenario.metrics.map((one) => `${metricWords(one.metric)} (${marginText(one)})`);
  const compared = new Set(comparisons.flatMap(({ baseline, candidate }) => [baseline, candidate]));
  const alone = arms.filter(({ name, isFloor }) => !isFloor && !compared.has(name)).map(({ name }) => name);
  const lines = [
    ...comparisons.map(({ baseline, candidate }) => `${candidate} against ${baseline}`),
    ...(comparisons.length === 0 ? ["none: there is nothing to compare with"] : []),
    ...(comparisons.length > 0 && alone.length > 0 ? [`compared with nothing: ${alone.join(", ")}`] : []),
    `metrics, with the margin that counts as equivalent: ${metrics.join(", ")}`,
  ];
  return [
    ...heading(formatNumberOf(comparisons.length, "comparison"), page),
    ...lines.flatMap((line) => wrapText(escapeControls(line), page.width, { first: 2, rest: 4 })),
  ];
}

/** Of each kind of need the largest, and every one that there is too little for. */
function renderNeeds({ needs, rooms }: DryRun, page: Page): string[] {
  const byKind = new Map<string, DryRun["needs"][number]>();
  for (const need of needs) {
    const key = `${need.who} ${need.what}`;
    const known = byKind.get(key);
    if (known === undefined || need.count > known.count) byKind.set(key, need);
  }
  const lines = [...byKind.values()].map(({ arm, who, what, count, limit, fits }) => {
    const of = limit === null ? "" : ` of ${formatCount(limit)}`;
    return `${who}: ${formatCount(count)}${of} ${what} (${arm})${fits ? "" : ": TOO FEW, it would not start"}`;
  });
  const roomLines = rooms.map(({ arm, connections, letsIn, by, isCertain, warning }) =>
    warning !== null && (!isCertain || connections <= letsIn)
      ? `${arm} ${warning}`
      : `${arm}: ${formatCount(connections)} of ${formatCount(letsIn)} connections that ${by} lets in` +
        (warning === null ? "" : ": TOO FEW, it would not start"),
  );
  return [
    ...heading("Needs at most", page),
    ...[...lines, ...roomLines].flatMap((line) =>
      wrapText(escapeControls(line), page.width, { first: 2, rest: 4 }),
    ),
  ];
}

function renderTime({ estimate }: DryRun, page: Page): string[] {
  const { trialS, blockS, blocks, totalS, how } = estimate;
  const span = ({ low, high }: { low: number; high: number }): string => {
    const [from, to] = [formatSecondsLeft(low), formatSecondsLeft(high)];
    return from === to ? from : `${from} to ${to}`;
  };
  const fit =
    blocks.most < blocks.least
      ? `${formatNumberOf(blocks.most, "block")}, too few for the first look at ${formatCount(blocks.least)} if the machine is slow`
      : `${formatNumberOf(blocks.least, "block")}${blocks.most > blocks.least ? ` to ${formatCount(blocks.most)}` : ""}`;
  const lines = [`${span(totalS)}: ${fit}; ${span(blockS)} a block, ${span(trialS)} a trial`, how];
  return [
    ...heading("Time", page),
    ...lines.flatMap((line) => wrapText(escapeControls(line), page.width, { first: 2, rest: 4 })),
  ];
}
