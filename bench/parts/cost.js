/**
 * Processor time of a closed loop's round trip, for every contestant at several numbers of connections. They take
 * turns within each round, and the order turns with it; a ratio is the median over rounds of the ratio within a round,
 * so that a machine that changes its speed meanwhile changes little.
 */
import { startPongServer } from "../support/backend.js";
import { contestants } from "../support/contestants.js";
import { median, percent, whole } from "../support/figures.js";
import { inWords, rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";

const sizes = [100, 1000, 5000, 15_000];

export async function cost({ cPrograms, quick, progress }) {
  const job = quick ? { warmupMs: 500, windowMs: 600 } : { warmupMs: 800, windowMs: 1000 };
  const all = contestants(cPrograms);
  const backend = await startPongServer(cPrograms, "spin");
  /** @type {Map<number, Map<string, object[]>>} figures by size and contestant, a round each */
  const figures = new Map(sizes.map((size) => [size, new Map(all.map(({ name }) => [name, []]))]));
  for (const round of rounds(quick ? 1 : 5, 150)) {
    for (const connections of sizes) {
      for (let turn = 0; turn < all.length; turn++) {
        const { name, run } = all[(turn + round) % all.length];
        progress(`cost, round ${round + 1}: ${name}, ${whole(connections)} connections`);
        const address = backend.nextAddress();
        const figure = await run({ ...job, address, port: backend.port, connections });
        figures.get(connections).get(name).push(figure);
      }
    }
  }
  await backend.stop();
  show(figures);
  return targetsOf(figures);
}

function show(figures) {
  const count = figures.get(sizes[0]).get("ws").length;
  const rows = [...figures].flatMap(([size, byName]) =>
    [...byName].map(([name, runs], index) => [
      index === 0 ? whole(size) : "",
      name,
      median(runs.map(totalUs)).toFixed(2),
      median(runs.map(({ userUs, roundTrips }) => userUs / roundTrips)).toFixed(2),
      median(runs.map(({ systemUs, roundTrips }) => systemUs / roundTrips)).toFixed(2),
      byName.has("c") ? ratio(byName, name, "c").toFixed(2) : "-",
      ratio(byName, name, "ws").toFixed(2),
      whole(median(runs.map(({ roundTrips, windowS }) => roundTrips / windowS))),
      percent(median(runs.map(coreShare))),
      (median(runs.map(({ rssBytes }) => rssBytes)) / 1e6).toFixed(0),
    ]),
  );
  const waits = [...figures.values()].flatMap((byName) =>
    [...byName.values()].flat().flatMap(({ waitedShare }) => waitedShare ?? []),
  );
  printTable({
    title: `Closed loop, CPU µs a round trip (median of ${inWords(count)})`,
    columns: ["connections", "", "CPU µs", "user", "system", "/ c", "/ ws", "trips/s", "core", "RSS MB"],
    rows,
    notes: [
      figures.get(sizes[0]).has("c")
        ? "c is the floor: a C epoll loop that measures and does nothing else (bench/native/c-loop.c)."
        : "No C compiler: without the floor, and against wsrally's own backend, which may be the limit.",
      "User and system are told apart by the kernel's tick; their sum is exact. Core: of the generator's own.",
      `Others on the machine kept the generator waiting ${percent(median(waits))} of the time (median).`,
    ],
  });
}

function targetsOf(figures) {
  const engines = [...figures.values().next().value.keys()].filter((name) => name !== "c" && name !== "ws");
  return engines.flatMap((engine) =>
    [...figures].flatMap(([size, byName]) =>
      [
        ["c", 1.1, "the C floor"],
        ["ws", 0.45, "the ws engine"],
      ]
        .filter(([against]) => byName.has(against))
        .map(([against, limit, words]) => {
          const value = ratio(byName, engine, against);
          return {
            target: `${engine}, ${whole(size)} connections: CPU a round trip <= ${limit} x ${words}`,
            measured: `${value.toFixed(2)} x`,
            isMet: value <= limit,
          };
        }),
    ),
  );
}

function totalUs({ userUs, systemUs, roundTrips }) {
  return (userUs + systemUs) / roundTrips;
}

function coreShare({ userUs, systemUs, windowS }) {
  return (userUs + systemUs) / 1e6 / windowS;
}

function ratio(byName, name, against) {
  return median(byName.get(name).map((run, round) => totalUs(run) / totalUs(byName.get(against)[round])));
}
