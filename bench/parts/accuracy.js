/**
 * How true the latencies are: a backend that answers after 1 ms, one ping in twenty after 5 ms, and knows how long it
 * really took; 1,000 pings a second by schedule over 100 connections; with the generator's processor to itself and with
 * a process that spins on it.
 */
import { startCServer } from "../support/backend.js";
import { serveOn } from "../support/child-processes.js";
import { engines, runGenerator } from "../support/contestants.js";
import { generatorCpu } from "../support/cpus.js";
import { median } from "../support/figures.js";
import { inWords, rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";

const load = { connections: 100, ratePerS: 1000, warmupMs: 500, until: "report" };
/** 1 ms, or 5 ms once in 20; told from the end of the warm-up on. */
const delays = ["1000", "5000", "20", String((load.ratePerS * load.warmupMs) / 1000)];
const limits = { p50Us: 15, p99Share: 0.01 };
/** Ends by itself, should nobody end it. */
const spin = "const end = Date.now() + 60_000; while (Date.now() < end);";

export async function accuracy({ cPrograms, quick, progress }) {
  if (cPrograms === null) {
    process.stdout.write(
      "\nAccuracy: not measured, for there is no C compiler for the backend that it takes\n",
    );
    return [];
  }
  const windowMs = quick ? 2000 : 3000;
  const errors = new Map();
  for (const round of rounds(quick ? 1 : 5, 75)) {
    for (const processor of ["idle", "busy"]) {
      for (const engine of engines) {
        progress(`accuracy, round ${round + 1}: ${engine}, processor ${processor}`);
        const key = `${engine} ${processor}`;
        const error = await measure({ cPrograms, engine, windowMs, isBusy: processor === "busy" });
        errors.set(key, [...(errors.get(key) ?? []), error]);
      }
    }
  }
  show(errors);
  return targetsOf(errors);
}

async function measure({ cPrograms, engine, windowMs, isBusy }) {
  const backend = await startCServer(cPrograms.delayServer, delays);
  const spinner = isBusy
    ? await serveOn(generatorCpu, process.execPath, ["-e", spin], { speaks: false })
    : null;
  const job = { engine, port: backend.port, windowMs, ...load };
  const { latencyNs } = await runGenerator(job);
  await spinner?.stop();
  return errorsOf(latencyNs, await backend.stop());
}

/** How far each series is from the truth. */
function errorsOf({ wire, roundTrip, sendLag }, truth) {
  const of = (series) =>
    series === undefined
      ? null
      : { p50Us: (series.p50 - truth.p50) / 1e3, p99Share: series.p99 / truth.p99 - 1 };
  return {
    truthUs: [truth.p50 / 1e3, truth.p99 / 1e3],
    wire: of(wire),
    roundTrip: of(roundTrip),
    sendLagUs: [sendLag.p50 / 1e3, sendLag.p99 / 1e3],
  };
}

function show(errors) {
  const count = errors.values().next().value.length;
  const figures = (all, series) => {
    if (all[0][series] === null) return ["-", "-"];
    const p50Us = median(all.map((error) => error[series].p50Us));
    const p99Share = median(all.map((error) => error[series].p99Share));
    return [`+${p50Us.toFixed(1)} µs`, `+${(p99Share * 100).toFixed(2)} %`].map((text) =>
      text.replace("+-", "-"),
    );
  };
  const rows = [...errors].map(([key, all]) => [
    key,
    ...[0, 1].map((index) => median(all.map(({ truthUs }) => truthUs[index])).toFixed(0)),
    ...figures(all, "wire"),
    ...figures(all, "roundTrip"),
    ...[0, 1].map((index) => median(all.map(({ sendLagUs }) => sendLagUs[index])).toFixed(0)),
  ]);
  printTable({
    title: `Accuracy against known delays (median of ${inWords(count)})`,
    columns: ["processor", "true p50", "p99", "wire p50", "p99", "roundTrip p50", "p99", "lag p50", "p99"],
    rows,
    notes: [
      "Truth and send lag in µs; wire and roundTrip as their distance from the truth, which the backend takes",
      "from its kernel's receive stamp until its send: the client's own send is in the distance.",
    ],
  });
}

function targetsOf(errors) {
  return [...errors]
    .filter(([, all]) => all[0].wire !== null)
    .flatMap(([key, all]) => {
      const [engine, processor] = key.split(" ");
      const p50Us = Math.abs(median(all.map(({ wire }) => wire.p50Us)));
      const p99Share = Math.abs(median(all.map(({ wire }) => wire.p99Share)));
      const words = `${engine}, processor ${processor}: wire`;
      return [
        {
          target: `${words} p50 within ${limits.p50Us} µs of the truth`,
          measured: `${p50Us.toFixed(1)} µs`,
          isMet: p50Us <= limits.p50Us,
        },
        {
          target: `${words} p99 within ${limits.p99Share * 100} %`,
          measured: `${(p99Share * 100).toFixed(2)} %`,
          isMet: p99Share <= limits.p99Share,
        },
      ];
    });
}
