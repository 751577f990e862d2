/**
 * What wsrally's generator itself costs, side by side in one run and by processor time: `npm run bench`, or
 * `node bench/run.js [--quick] [PART …]` after `npm run build`, where a part is one of those below.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { createWorkspace } from "../dist/base/workspace.js";
import { accuracy } from "./parts/accuracy.js";
import { cost } from "./parts/cost.js";
import { memory } from "./parts/memory.js";
import { opening } from "./parts/opening.js";
import { proxy } from "./parts/proxy.js";
import { buildCPrograms } from "./support/c-programs.js";
import { backendCpu, generatorCpu } from "./support/cpus.js";
import { findProgram } from "./support/nginx.js";
import { printTable } from "./support/table.js";

const parts = { cost, memory, opening, accuracy, proxy };

const words = process.argv.slice(2);
const quick = words.includes("--quick");
const names = words.filter((word) => word !== "--quick");
const unknown = names.find((name) => !(name in parts));
if (unknown !== undefined) {
  process.stderr.write(`Unknown part "${unknown}": want ${Object.keys(parts).join(", ")} or --quick\n`);
  process.exit(2);
}

const workspace = await createWorkspace();
try {
  const cPrograms = buildCPrograms(workspace.path);
  const context = { cPrograms, nginx: await findProgram(), quick, progress, folder: workspace.path };
  process.stdout.write(`${head()}\n`);
  const targets = [];
  for (const name of names.length > 0 ? names : Object.keys(parts)) {
    targets.push(...(await parts[name](context)));
  }
  showTargets(targets);
} finally {
  await workspace.remove();
}

function head() {
  const kernel = readFileSync("/proc/sys/kernel/osrelease", "latin1").trim();
  const load = readFileSync("/proc/loadavg", "latin1").split(" ")[0];
  return [
    `wsrally bench${quick ? ", quick" : ""}: Node ${process.version}, Linux ${kernel}, ${cpus().length} x ${cpus()[0].model.trim()}`,
    `generator on processor ${generatorCpu}, backend on ${backendCpu}; load of the machine before: ${load}`,
  ].join("\n");
}

function showTargets(targets) {
  printTable({
    title: "To reach",
    columns: ["target", "measured", ""],
    rows: targets.map(({ target, measured, isMet }) => [target, measured, isMet ? "met" : "missed"]),
  });
}

/** On a terminal, a line that the next one overwrites. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
