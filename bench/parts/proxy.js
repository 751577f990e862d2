/**
 * Whether the generator drives a one-worker nginx to its limit on two processors: nginx alone on one, the generator and
 * the backend on the other. Time in which nginx was ready to run but others on the machine had its core is no time that
 * a generator could have given it, and is left out of its share.
 */
import { startPongServer } from "../support/backend.js";
import { engines, runGenerator } from "../support/contestants.js";
import { generatorCpu } from "../support/cpus.js";
import { median, percent, whole } from "../support/figures.js";
import { startNginx } from "../support/nginx.js";
import { rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";

const shareAtLeast = 0.97;
const connections = 1000;

export async function proxy({ cPrograms, nginx, folder, quick, progress }) {
  if (nginx === null) {
    process.stdout.write(
      "\nnginx's limit: not measured, for there is no nginx (`wsrally proxies install nginx`)\n",
    );
    return [];
  }
  const windowMs = quick ? 1000 : 2000;
  const backend = await startPongServer(cPrograms, "sleep", generatorCpu);
  const front = await startNginx({ program: nginx, folder, backendPort: backend.port, tls: false });
  const runs = new Map(engines.map((engine) => [engine, []]));
  for (const round of rounds(quick ? 1 : 5, 45)) {
    for (const engine of engines) {
      progress(`nginx, round ${round + 1}: ${engine}`);
      const job = { engine, port: front.port, connections, windowMs, proxyPid: front.pid };
      runs.get(engine).push(await runGenerator(job));
    }
  }
  await front.stop();
  await backend.stop();
  const of = (engine, figure) => median(runs.get(engine).map(figure));
  printTable({
    title: `A one-worker nginx driven in a closed loop, ${whole(connections)} connections`,
    columns: [
      "",
      "trips/s",
      "nginx's core",
      "others had it",
      "nginx's share of the rest",
      "generator CPU µs",
    ],
    rows: engines.map((engine) => [
      engine,
      whole(of(engine, ({ roundTrips, windowS }) => roundTrips / windowS)),
      percent(of(engine, ({ proxyShare }) => proxyShare)),
      percent(of(engine, ({ proxyWaitedShare }) => proxyWaitedShare)),
      percent(of(engine, shareOfTheRest)),
      of(engine, ({ userUs, systemUs, roundTrips }) => (userUs + systemUs) / roundTrips).toFixed(2),
    ]),
    notes: [`nginx ${nginx.version}. Others had it: while nginx was ready to run.`],
  });
  return engines
    .filter((engine) => engine !== "ws")
    .map((engine) => {
      const share = of(engine, shareOfTheRest);
      return {
        target: `${engine}: a one-worker nginx driven to >= ${shareAtLeast * 100} % of its core`,
        measured: percent(share),
        isMet: share >= shareAtLeast,
      };
    });
}

function shareOfTheRest({ proxyShare, proxyWaitedShare }) {
  return proxyShare / (1 - proxyWaitedShare);
}
