/** The cost table as Markdown. */
import { chartsOf } from "./chart.js";
import { proxies } from "./proxies.js";
import { bytesWords, intervalWords, rowName, shapesOf, whole } from "./words.js";

/** @param folder of the runs, as links from the page name it */
export function tableMarkdown(table, folder) {
  const parts = [
    sitting(table),
    ...chartsOf(table).map(({ name, title }) => `![${title}](${name})`),
    ...messageTables(table),
    connectionTable(table),
    tunings(table),
    programs(table, folder),
    leftOut(table),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function sitting({ quick, runs, startedAt, finishedAt, otherShare, messages }) {
  const trials = messages.reduce((sum, { figures }) => sum + (figures.messagesPerS?.trials ?? 0), 0);
  const aside = messages.reduce((sum, { setAside }) => sum + setAside, 0);
  const others =
    otherShare === null
      ? ""
      : ` Other programs took ${Math.round(otherShare.median * 100)} % of a processor at the median trial, and ${Math.round(otherShare.most * 100)} % at the worst.`;
  return [
    quick
      ? "**Quick figures, of a short look with windows of half a second: they show that the table can be made, and settle nothing.**"
      : "Figures of one sitting, all proxies interleaved.",
    `Measured from ${startedAt} to ${finishedAt}, ${whole(runs.length)} runs: ${whole(trials)} trials that count, and ${whole(aside)} set aside.${others}`,
    "Each figure is the median over the trials; in brackets its 95 % interval, or after ~ the least and the greatest of fewer than six.",
  ].join("\n");
}

/** One for each scheme and load: a row for each proxy, a column for each size and number of connections. */
function messageTables({ messages }) {
  return ["ws", "wss"].flatMap((scheme) =>
    ["saturation", "paced"].flatMap((load) => {
      const rows = messages.filter(
        ({ tls, ratePerS, figures }) =>
          tls === (scheme === "wss") &&
          (ratePerS === null) === (load === "saturation") &&
          figures.messagesPerS !== null,
      );
      if (rows.length === 0) return [];
      const shapes = shapesOf(rows);
      const title = load === "saturation" ? "at saturation" : "at 30 % of its saturation";
      return [
        [
          `### ${scheme}, ${title}: CPU µs a message`,
          "",
          ...grid(rows, shapes, ({ figures }) => intervalWords(figures.cpuUsPerMessage, 1)),
          "",
          `Messages a second${load === "saturation" ? "" : ", as offered"}, and how busy they kept the proxy, in shares of a processor:`,
          "",
          ...grid(
            rows,
            shapes,
            ({ figures }) => `${whole(figures.messagesPerS.median)}${busyWords(figures.cpuShare)}`,
          ),
        ].join("\n"),
      ];
    }),
  );
}

function busyWords(cpuShare) {
  return cpuShare === null ? "" : ` (${Math.round(cpuShare.median * 100)} %)`;
}

function grid(rows, shapes, cellOf) {
  const names = namesOf(rows);
  // Of several rates that a proxy was paced at, the one with most trials.
  const at = (name, { bytes, connections }) =>
    rows
      .filter((row) => rowName(row) === name && row.bytes === bytes && row.connections === connections)
      .sort((a, b) => b.figures.messagesPerS.trials - a.figures.messagesPerS.trials)[0];
  return markdown(
    [
      "",
      ...shapes.map(({ bytes, connections }) => `${bytesWords(bytes)}, ${whole(connections)} connections`),
    ],
    names.map((name) => [
      name,
      ...shapes.map((shape) => {
        const row = at(name, shape);
        return row === undefined ? "-" : cellOf(row);
      }),
    ]),
  );
}

/** In the order of the proxies, each before its tuned row. */
function namesOf(rows) {
  const kinds = Object.keys(proxies);
  const sorted = [...rows].sort(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || Object.keys(a.set).length - Object.keys(b.set).length,
  );
  return [...new Set(sorted.map(rowName))];
}

function connectionTable({ connections }) {
  const shapes = ["ws", "wss"].flatMap((scheme) =>
    [
      ...new Set(connections.filter(({ tls }) => tls === (scheme === "wss")).map((row) => row.connections)),
    ].map((count) => ({ scheme, count })),
  );
  const rows = shapes.flatMap(({ scheme, count }) => {
    const own = connections.filter((row) => row.connections === count && row.tls === (scheme === "wss"));
    return namesOf(own).map((name) => {
      const { figures } = own.find((row) => rowName(row) === name);
      return [
        `${name}, ${scheme}, ${whole(count)}`,
        intervalWords(figures.idleBytesPerConnection, 1, 1024),
        intervalWords(figures.openedPerS, 0),
        intervalWords(figures.cpuUsPerHandshake, 0),
      ];
    });
  });
  return [
    "### What an open connection costs",
    "",
    ...markdown(["", "idle, KiB", "opened a second", "CPU µs a handshake"], rows),
  ].join("\n");
}

function tunings({ connections }) {
  const kinds = Object.keys(proxies).filter((kind) => connections.some((row) => row.kind === kind));
  return [
    "### The tuned rows",
    "",
    ...markdown(
      ["", "`--set`", "what it is"],
      kinds.map((kind) => [
        proxies[kind].title,
        Object.entries(proxies[kind].tuned)
          .map(([name, value]) => `\`${name}=${value}\``)
          .join(", "),
        proxies[kind].why,
      ]),
    ),
  ].join("\n");
}

const buildLength = 120;

function programs({ programs: ran, runs }, folder) {
  return [
    "### Programs and configs",
    "",
    ...markdown(
      ["", "version", "sha256 of the program", "build"],
      ran.map(({ kind, version, build, sha256 }) => [
        proxies[kind]?.title ?? kind,
        version ?? "-",
        sha256 === null ? "-" : `\`${sha256}\``,
        shorten(build ?? "-"),
      ]),
    ),
    "",
    `Builds in full, the sha256 of every config and the machine stand in each run's document, every config as it ran beside it: ${folder === "" ? "" : `${runs.length} folders in [paper](${folder}), such as `}[${runs[0]}](${folder}${runs[0]}).`,
  ].join("\n");
}

function shorten(text) {
  const line = text.replace(/\s+/g, " ").replaceAll("|", "\\|").trim();
  return line.length > buildLength ? `${line.slice(0, buildLength)} …` : line;
}

function leftOut({ leftOut: all }) {
  if (all.length === 0) return "";
  return ["### Left out", "", ...all.map(({ what, why }) => `- ${what}: ${why}`)].join("\n");
}

function markdown(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)];
}
