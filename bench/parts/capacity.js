/**
 * Whether `wsrally capacity` finds what is known otherwise: for one queue of known service time, capacity and knee by
 * queueing theory; for a one-worker nginx, what its core carries when it is kept busy, and that repeated searches agree.
 */
import { fileURLToPath } from "node:url";
import { createPrng } from "../../build/base/prng.js";
import { serveOn } from "../support/child-processes.js";
import { backendCpu } from "../support/cpus.js";
import { median, percent, whole } from "../support/figures.js";
import { printTable } from "../support/table.js";
import { runCli } from "../support/wsrally-cli.js";

const server = fileURLToPath(new URL("../support/queue-server.js", import.meta.url));
const serviceUs = 1000;
const serviceS = serviceUs / 1e6;
const queueLimitS = 0.01;
/**
 * Every message goes through three servers of one worker: on two processors the worker's is busy long before that of
 * generator and backend. With one server both are at their limit at once, and a search says "at least". Buffers are an
 * eighth of a message, so that nginx cannot take several messages in one go: with messages of 1,000 bytes, of which many
 * were under way on each connection, it carried three times what it carries in a closed loop.
 *
 * Few connections, because what a core carries hangs on how many messages lie about in it: in closed loops of 4, 12, 40,
 * 100 and 200 connections a message took 348 to 382, 335 to 361, 335 to 358, 358 to 374 and 382 to 416 us of nginx,
 * whose memory for 200 of them is more than the processor's caches hold. A search's queue is short as long as its SLO
 * is kept; compared with a closed loop of 200, it found 6 to 10 % too much.
 */
const config = fileURLToPath(new URL("../support/three-servers.conf", import.meta.url));
const nginxLoad = [`nginx:${config}`, "--payload", "8000", "--connections", "40"];
/** What the machine itself gives may change this much from before a search to after it, or the round is run again. */
const steadiness = 0.05;
const roundsMost = 6;
/**
 * More than a pause of the machine itself takes, and little in a step of two seconds: a load that is 2 % too much has a
 * queue of 40 ms at its end.
 */
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
  const tried = [];
  const isSteady = ({ moved }) => moved <= steadiness;
  const wanted = quick ? 1 : 3;
  let before = await saturated(folder, progress);
  while (tried.filter(isSteady).length < wanted && tried.length < (quick ? 1 : roundsMost)) {
    progress(`capacity: nginx, search ${tried.length + 1}`);
    const startMs = performance.now();
    const {
      document: { capacity: found, warnings },
    } = await runCli(folder, ["capacity", ...nginxLoad, "--slo", nginxSlo]);
    const seconds = (performance.now() - startMs) / 1000;
    const after = await saturated(folder, progress);
    const carried = Math.sqrt(before.throughputPerS * after.throughputPerS);
    const moved = Math.abs(Math.log(after.throughputPerS / before.throughputPerS));
    tried.push({ found, warnings, seconds, before, after, moved, ratio: found.ratePerS?.value / carried });
    before = after;
  }
  printTable({
    title: `A one-worker nginx of three servers, ${nginxLoad.slice(1).join(" ")}, ${nginxSlo}`,
    columns: ["", "messages/s"],
    rows: tried.flatMap(({ found, warnings, seconds, ratio, ...around }, index) => [
      ["closed loop", words(around.before)],
      [`search ${index + 1}, ${Math.round(seconds)} s`, range(found.ratePerS)],
      ["  against the closed loops", `${ratio.toFixed(3)}x${isSteady(around) ? "" : ", machine not steady"}`],
      ["  knee", range(found.kneePerS)],
      ...warnings.map(({ code }) => ["  warned of", code]),
      ...(index === tried.length - 1 ? [["closed loop", words(around.after)]] : []),
    ]),
    notes: [
      `Rounds between whose closed loops the machine moved by more than ${steadiness * 100} % are told and not counted.`,
    ],
  });
  const steady = tried.filter(isSteady);
  const ratios = steady.map(({ ratio }) => ratio);
  const spread = Math.max(...ratios) / Math.min(...ratios) - 1;
  return [
    near("nginx: capacity as its core carries in a closed loop", median(ratios), 1, agreement),
    {
      target: `nginx: repeated searches within ±${agreement * 100} %, of ${steady.length} of ${tried.length} rounds`,
      measured: ratios.length < 2 ? "-" : `±${percent(spread / 2)}`,
      isMet: ratios.length > 1 && spread <= 2 * agreement,
    },
    {
      target: `nginx: a search under ${secondsMost} s`,
      measured: `${Math.round(Math.max(...tried.map(({ seconds }) => seconds)))} s`,
      isMet: tried.every(({ seconds }) => seconds < secondsMost),
    },
  ];
}

function saturated(folder, progress) {
  progress("capacity: nginx kept busy");
  return typicalTrial(folder, ["--closed"]);
}

function words({ throughputPerS, cpuShare }) {
  return `${whole(throughputPerS)} at ${percent(cpuShare)} of its core`;
}

/** What nginx carries under a load that keeps its core busy: medians of four trials. */
async function typicalTrial(folder, loop) {
  const {
    document: { arms },
  } = await runCli(folder, ["run", ...nginxLoad, ...loop, "--duration", "3", "--blocks", "4"]);
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
