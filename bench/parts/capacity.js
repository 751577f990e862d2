/**
 * Whether `wsrally capacity` finds what is known otherwise: for one queue of known service time, capacity and knee by
 * queueing theory; for a one-worker nginx, what its core carries when it is kept busy, and that repeated searches agree.
 */
import { fileURLToPath } from "node:url";
import { createPrng } from "../../dist/base/prng.js";
import { serveOn } from "../support/child-processes.js";
import { backendCpu } from "../support/cpus.js";
import { median, percent, whole } from "../support/figures.js";
import { rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";
import { runCli } from "../support/wsrally-cli.js";

const server = fileURLToPath(new URL("../support/queue-server.js", import.meta.url));
const serviceUs = 1000;
const serviceS = serviceUs / 1e6;
const queueLimitS = 0.01;
/**
 * Eight reads and eight writes a message and direction: on two processors the worker's is busy long before that of
 * generator and backend. With small messages both are at their limit at once, and a search says "at least".
 */
const nginxLoad = ["nginx", "--set", "proxy_buffer_size=1k", "--payload", "8000", "--connections", "200"];
const nginxSlo = "p99<50ms, failures==0";
const agreement = 0.05;
const kneeAgreement = 0.15;
const secondsMost = 180;

export async function capacity({ nginx, folder, quick, progress }) {
  const targets = await oneQueue({ folder, quick, progress });
  if (nginx === null) return targets;
  return [...targets, ...(await oneWorker({ folder, quick, progress }))];
}

async function oneQueue({ folder, quick, progress }) {
  const { first: port, stop } = await serveOn(backendCpu, process.execPath, [server, String(serviceUs)]);
  progress("capacity: one queue");
  const slo = `p99<${queueLimitS * 1000}ms`;
  const {
    document: { capacity: found },
  } = await runCli(folder, [
    "capacity",
    `queue=ws://127.0.0.1:${port}/`,
    ...["--arrivals", "poisson", "--connections", "50", "--slo", slo, "--duration", quick ? "2" : "8"],
  ]);
  await stop();
  const predicted = capacityOfQueue();
  const knee = (2 - Math.SQRT2) / serviceS;
  const rows = [
    ["capacity", whole(predicted), range(found.ratePerS)],
    ["knee", whole(knee), range(found.kneePerS)],
    ["under way at the knee", "1.0", found.kneePerS?.inFlight.toFixed(1) ?? "-"],
  ];
  printTable({
    title: `One queue that serves a message in ${serviceS * 1000} ms, Poisson arrivals (M/D/1), ${slo}`,
    columns: ["", "by theory", "found"],
    rows,
    notes: [
      "Capacity: Lindley's recursion, simulated. Knee: greatest power at (2 - sqrt 2) of what it can serve.",
    ],
  });
  return [
    near("one queue: capacity as queueing theory has it", found.ratePerS?.value, predicted, 2 * agreement),
    near("one queue: knee as queueing theory has it", found.kneePerS?.value, knee, kneeAgreement),
  ];
}

/** The greatest Poisson load whose p99 of the response, waiting and service, stays below the limit. */
function capacityOfQueue() {
  let [low, high] = [0.1, 0.999];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (responseP99(middle) < queueLimitS) low = middle;
    else high = middle;
  }
  return low / serviceS;
}

/** W' = max(0, W + S − A) (Lindley 1952), with the same chance for every load. */
function responseP99(share) {
  const prng = createPrng(1);
  const responses = new Float64Array(400_000);
  let wait = 0;
  for (let index = 0; index < responses.length; index++) {
    responses[index] = wait + serviceS;
    wait = Math.max(0, wait + serviceS + (Math.log(1 - prng.nextFloat()) * serviceS) / share);
  }
  return responses.sort()[Math.floor(0.99 * responses.length)];
}

async function oneWorker({ folder, quick, progress }) {
  const searches = [];
  const saturated = [];
  for (const round of rounds(quick ? 1 : 3, 600)) {
    progress(`capacity: nginx, search ${round + 1}`);
    const startMs = performance.now();
    const {
      document: { capacity: found },
    } = await runCli(folder, ["capacity", ...nginxLoad, "--slo", nginxSlo]);
    searches.push({ found, seconds: (performance.now() - startMs) / 1000 });
    progress(`capacity: nginx kept busy, ${round + 1}`);
    saturated.push(await typicalTrial(folder, ["--closed"]));
  }
  const values = searches.map(({ found }) => found.ratePerS?.value ?? Number.NaN);
  const typical = median(values);
  if (!Number.isFinite(typical))
    return [near("nginx: capacity, on a machine that is not too busy for it", typical, 1, agreement)];
  progress("capacity: nginx beyond its capacity");
  const rate = Math.round(1.25 * typical);
  const beyond = await typicalTrial(folder, ["--rate", String(rate)]);
  const carried = median(saturated.map(({ throughputPerS }) => throughputPerS));
  const spread = Math.max(...values) / Math.min(...values);
  const words = ({ throughputPerS, cpuShare }) =>
    `${whole(throughputPerS)} at ${percent(cpuShare)} of its core`;
  printTable({
    title: `A one-worker nginx, ${nginxLoad.slice(1).join(" ")}, ${nginxSlo}`,
    columns: ["", "messages/s"],
    rows: [
      ...searches.flatMap(({ found, seconds }, index) => [
        [`search ${index + 1}, ${Math.round(seconds)} s`, range(found.ratePerS)],
        ["  knee", range(found.kneePerS)],
        ["  closed loop after it", words(saturated[index])],
      ]),
      [`driven with ${whole(rate)}/s`, words(beyond)],
    ],
    notes: [],
  });
  return [
    near("nginx: capacity as its core carries in a closed loop", typical, carried, agreement),
    {
      target: `nginx: repeated searches within ±${agreement * 100} %`,
      measured: `±${percent((spread - 1) / 2)}`,
      isMet: spread - 1 <= 2 * agreement,
    },
    {
      target: `nginx: a search under ${secondsMost} s`,
      measured: `${Math.round(Math.max(...searches.map(({ seconds }) => seconds)))} s`,
      isMet: searches.every(({ seconds }) => seconds < secondsMost),
    },
  ];
}

/** What nginx carries under a load that keeps its core busy: medians of three trials. */
async function typicalTrial(folder, loop) {
  const {
    document: { arms },
  } = await runCli(folder, ["run", ...nginxLoad, ...loop, "--duration", "3", "--blocks", "3"]);
  const { trials } = arms[0];
  return {
    throughputPerS: median(trials.map(({ throughputPerS }) => throughputPerS)),
    cpuShare: median(trials.map(({ proxyCost }) => proxyCost?.cpuShare ?? Number.NaN)),
  };
}

function range(found) {
  if (found === null) return "-";
  const { value, low, high } = found;
  return high === null ? `at least ${whole(value)}` : `${whole(value)} (${whole(low)}-${whole(high)})`;
}

function near(target, value = Number.NaN, wanted, tolerance) {
  const ratio = value / wanted;
  return {
    target: `${target}, within ${tolerance * 100} %`,
    measured: `${ratio.toFixed(3)}x`,
    isMet: Math.abs(ratio - 1) <= tolerance,
  };
}
