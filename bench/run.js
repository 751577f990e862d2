/**
 * What wsrally's generator itself costs, side by side in one run and by processor time: `npm run bench`, or
 * `node bench/run.js [--quick] [PART …]` after `npm run build`, where a part is one of those below. `message-cost`, what
 * a message costs nginx, `capacity`, how near its search comes, `real-time`, whether the priority is fair to all proxies,
 * and `http2-cost`, what WebSockets over HTTP/2 cost and save each of them, are measured when they are asked for.
 */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { accuracy } from "./parts/accuracy.js";
import { capacity } from "./parts/capacity.js";
import { cost } from "./parts/cost.js";
import { http2 } from "./parts/http2.js";
import { http2Cost } from "./parts/http2-cost.js";
import { memory } from "./parts/memory.js";
import { messageCost } from "./parts/message-cost.js";
import { opening } from "./parts/opening.js";
import { proxy } from "./parts/proxy.js";
import { push } from "./parts/push.js";
import { realTime } from "./parts/real-time.js";
import { buildCPrograms } from "./support/c-programs.js";
import { backendCpu, generatorCpu } from "./support/cpus.js";
import { findProgram } from "./support/nginx.js";
import { folder } from "./support/own.js";
import { progress } from "./support/progress.js";
import { printTable } from "./support/table.js";

const own = { cost, http2, memory, opening, accuracy, push, proxy };
const parts = {
  ...own,
  "message-cost": messageCost,
  capacity,
  "real-time": realTime,
  "http2-cost": http2Cost,
};

const words = process.argv.slice(2);
const quick = words.includes("--quick");
const names = words.filter((word) => word !== "--quick");
const unknown = names.find((name) => !(name in parts));
if (unknown !== undefined) {
  process.stderr.write(`Unknown part "${unknown}": want ${Object.keys(parts).join(", ")} or --quick\n`);
  process.exit(2);
}

process.stdout.write(`${head()}\n`);
const context = { cPrograms: buildCPrograms(folder), nginx: await findProgram(), folder, quick, progress };
const targets = [];
for (const name of names.length > 0 ? names : Object.keys(own)) {
  targets.push(...(await parts[name](context)));
}
if (targets.length > 0) showTargets(targets);

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
