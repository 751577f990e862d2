/**
 * Whether real-time priority favours a proxy by how it is built: what a message costs each proxy, and how long it takes to the
 * backend, with the priority and without it, against nginx in the same run. In each round all proxies take turns in both
 * runs, and the two change places from round to round, so that figures of one machine's weather are divided by each other.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { proxyKinds } from "../../build/scenario/proxy-kind.js";
import { median, whole } from "../support/figures.js";
import { inWords, rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";
import { runCli } from "../support/wsrally-cli.js";

const reference = "nginx";
const workload = { connections: 100, rate: 1000, duration: 2, warmup: 0.5, blocks: 3 };
/** Takes the right to the priority from wsrally, and so from what it starts. */
const withoutRight = ["setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice"];
const ways = [
  { name: "with", before: [] },
  { name: "without", before: withoutRight },
];
/** Less than this either way is no favour; more than it is told from noise by the range of the rounds. */
const fairWithin = 0.15;
/** Rounds with sound trials of both proxies and both ways, fewer of which tell nothing. */
const roundsEnough = 3;

const figures = {
  cpu: ({ proxyCost }) => proxyCost?.cpuUsPerMessage,
  p50: ({ latencyUs }) => latencyUs?.uplink?.p50,
};

export async function realTime({ folder, quick, progress }) {
  const scenario = { name: "real-time", workload, arms: proxyKinds };
  const file = join(folder, "real-time.json");
  await writeFile(
    file,
    JSON.stringify(quick ? { ...scenario, workload: { ...workload, blocks: 1 } } : scenario),
  );
  /** By way and figure, of each round its medians by arm. */
  const seen = { with: [], without: [] };
  for (const round of rounds(quick ? 1 : 8, 600)) {
    for (const { name, before } of round % 2 === 0 ? ways : ways.toReversed()) {
      progress(`real-time, round ${round + 1}: ${name}`);
      const { document } = await runCli(join(folder, "runs"), ["run", file], { before });
      const hadPriority = document.placement?.proxyRealTime === true;
      if (hadPriority !== (name === "with"))
        throw new Error(
          `A run ${name} real-time priority ${hadPriority ? "had it" : "did not get it"}: look on a quiet machine, as root`,
        );
      seen[name].push(new Map(document.arms.map((arm) => [arm.name, medians(arm)])));
    }
  }
  return show(seen);
}

function medians({ trials }) {
  const sound = trials.filter(({ disqualified }) => !disqualified);
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => {
      const values = sound.map(figure).filter((value) => typeof value === "number");
      return [name, values.length === 0 ? null : median(values)];
    }),
  );
}

function show(seen) {
  const others = proxyKinds.filter((kind) => kind !== reference);
  const favours = new Map(others.map((kind) => [kind, favoursOf(seen, kind)]));
  printTable({
    title: `Real-time priority, ${whole(workload.rate)} messages/s, ${whole(workload.connections)} connections: CPU µs a message, µs to the backend`,
    columns: [
      "",
      "CPU with",
      "without",
      "more µs",
      `favour over ${reference}`,
      "rounds",
      "p50 with",
      "without",
    ],
    rows: proxyKinds.map((kind) => [
      kind,
      ...["with", "without"].map((way) => written(seen[way].map((arms) => arms.get(kind)?.cpu))),
      spread(differences(seen, kind), 1),
      kind === reference ? "1" : spread(favours.get(kind)),
      String(differences(seen, kind).length),
      ...["with", "without"].map((way) => written(seen[way].map((arms) => arms.get(kind)?.p50))),
    ]),
    notes: [
      `Medians of ${inWords(seen.with.length)}, in brackets the lowest and the highest. More: with the priority than without it. Favour: a proxy's`,
      `cost over ${reference}'s with the priority, over the same without it; below 1 the priority favours it.`,
    ],
  });
  return others.map((kind) => {
    const favour = favours.get(kind);
    return {
      target: `${kind}: its cost over ${reference}'s changes by the priority by no more than ${fairWithin * 100} %`,
      measured: favour.length < roundsEnough ? `too few sound rounds: ${favour.length}` : spread(favour),
      isMet: favour.length >= roundsEnough && Math.abs(Math.log(median(favour))) <= Math.log(1 + fairWithin),
    };
  });
}

/** What a message costs more with the priority, a round each. */
function differences({ with: having, without }, kind) {
  return having.flatMap((arms, round) => {
    const [mine, other] = [arms.get(kind)?.cpu, without[round]?.get(kind)?.cpu];
    return mine && other ? [mine - other] : [];
  });
}

function favoursOf({ with: having, without }, kind) {
  return having.flatMap((arms, round) => {
    const share = (all) => (all?.get(kind)?.cpu ?? Number.NaN) / (all?.get(reference)?.cpu ?? Number.NaN);
    const favour = share(arms) / share(without[round]);
    return Number.isFinite(favour) ? [favour] : [];
  });
}

function written(values) {
  const known = values.filter((value) => typeof value === "number");
  return known.length === 0 ? "-" : median(known).toFixed(1);
}

/** "1.02 (0.97-1.10)" */
function spread(values, digits = 2) {
  if (values.length === 0) return "-";
  const write = (value) => value.toFixed(digits);
  return `${write(median(values))} (${write(Math.min(...values))}-${write(Math.max(...values))})`;
}
