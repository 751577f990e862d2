/** Writes the table beside its runs, and what the document shows of it. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toolVersion } from "../../build/base/tool-version.js";
import { costTableVersion } from "../../build/results/cost-table-schema.js";
import { costTableFile, readCostTable } from "../../build/results/read-cost-table.js";
import { pacedOf, roomOf } from "./cells.js";
import { chartsOf } from "./chart.js";
import { tableMarkdown } from "./markdown.js";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const docs = new URL("../../docs/", import.meta.url);
/** The document that is made from the runs of this folder, and no other. */
const published = { folder: "paper", page: new URL("cost-of-a-message.md", docs) };
const begin =
  "<!-- What follows is written by `npm run cost-table`: measure again instead of changing it. -->";
const end = "<!-- End of what is written by `npm run cost-table`. -->";

/** @param figures what follows from the runs @param leftOut what could not be measured this time */
export function writeTable(figures, { out, quick, leftOut }) {
  if (figures.runs.length === 0) {
    process.stderr.write(`${out} has no runs: nothing to make a table of\n`);
    return;
  }
  const before = earlierTable(out);
  const table = {
    schemaVersion: costTableVersion,
    tool: { name: "wsrally", version: toolVersion },
    quick,
    ...figures,
    programs: withDigests(figures.programs, before?.programs ?? []),
    leftOut: stillLeftOut([...(before?.leftOut ?? []), ...leftOut], figures),
  };
  writeFileSync(join(out, costTableFile), `${JSON.stringify(table, null, 1)}\n`);
  if (out !== published.folder) {
    writeFileSync(join(out, "cost-table.md"), tableMarkdown(table, ""));
    for (const { name, svg } of chartsOf(table)) writeFileSync(join(out, name), svg);
    process.stderr.write(
      `${join(out, "cost-table.md")} shows the table; wsrally verify ${out} makes it again\n`,
    );
    return;
  }
  for (const [file, text] of publishedFiles(table)) writeFileSync(file, text);
  process.stderr.write(`docs/cost-of-a-message.md shows the table; wsrally verify ${out} makes it again\n`);
}

/** What was measured after all, in a later piece of the sitting, is not left out any more. */
function stillLeftOut(told, { messages }) {
  const measured = new Set(
    messages
      .filter(({ figures }) => figures.messagesPerS !== null)
      .flatMap(({ kind, set, tls, connections, bytes, ratePerS }) => {
        const cell = { scheme: tls ? "wss" : "ws", connections, bytes };
        const name = Object.keys(set).length > 0 ? `${kind}-tuned` : kind;
        return ratePerS === null ? [roomOf(cell, name)] : [roomOf(cell, name), pacedOf(cell, name)];
      }),
  );
  return [...new Map(told.map((one) => [one.what, one])).values()].filter(({ what }) => !measured.has(what));
}

/** Ends the process with 1 where the document does not show the table that is stored. */
export function checkPublished() {
  const { table } = readCostTable(published.folder);
  const stale = publishedFiles(table).filter(([file, text]) => readFileSync(file, "utf8") !== text);
  for (const [file] of stale) process.stderr.write(`${fileURLToPath(file)} does not show the stored table\n`);
  process.exit(stale.length === 0 ? 0 : 1);
}

/** The document and its charts, as they are to be. */
function publishedFiles(table) {
  const [head, rest] = readFileSync(published.page, "utf8").split(begin);
  const [, foot] = rest.split(end);
  const page = `${head}${begin}\n\n${tableMarkdown(table, "../paper/")}\n${end}${foot}`;
  return [[published.page, page], ...chartsOf(table).map(({ name, svg }) => [new URL(name, docs), svg])];
}

function earlierTable(out) {
  try {
    return readCostTable(out).table;
  } catch {
    return null;
  }
}

/** Of the program files that are found here and are those that ran; of others what was known before. */
function withDigests(programs, known) {
  const isSame = (program) => (other) =>
    ["kind", "version", "build"].every((key) => program[key] === other[key]);
  const { proxies: found } = JSON.parse(
    execFileSync(process.execPath, [cli, "proxies", "--json"], { encoding: "utf8" }),
  );
  return programs.map((program) => {
    const earlier = known.find(isSame(program));
    const here = found.find(
      ({ kind, version, path }) => kind === program.kind && version === program.version && path,
    );
    const digest =
      here === undefined ? null : createHash("sha256").update(readFileSync(here.path)).digest("hex");
    return { ...program, sha256: earlier?.sha256 ?? digest };
  });
}
