/**
 * What WebSockets over HTTP/2 cost and save each proxy beside HTTP/1.1: processor time of a message at equal load and
 * saturated, memory and opening of a WebSocket, and how long messages take while one in 1,000 is huge. In each round every
 * proxy has its turns over both, one after the other, so that its two figures are of one moment's weather.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { median, whole } from "../support/figures.js";
import { inWords, rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";
import { runCli } from "../support/wsrally-cli.js";

/** Those that take WebSockets over HTTP/2, and those that do not (docs/http2.md). */
const both = ["haproxy", "envoy", "caddy", "apache"];
const oneOnly = ["nginx", "traefik"];
const ways = ["1", "2"];

const webSockets = 1000;
/** On a connection, unless a workload says otherwise; Apache carries six. */
const streams = 100;
const common = { connections: webSockets, blocks: 1, duration: 2, warmup: 0.5 };
/** So rare that the 99th percentile is of the small ones. */
const hugeShare = 1000;
const hugeBytes = 1024 * 1024;
const sizesFile = "one-huge.txt";

const loads = {
  equal: { ...common, rate: 4000 },
  saturated: { ...common, closed: true },
  huge: { ...common, connections: streams, rate: 1000, sizes: sizesFile },
};

const quickly = { duration: 1, warmup: 0.2, connections: 100 };

const perWebSocket = ({ connections: { held }, proxyCost }) =>
  proxyCost?.pssBytes && held ? (proxyCost.pssBytes - proxyCost.pssBytesBefore) / held / 1024 : null;

/** Of a trial, by the load that it is taken from. */
const figures = [
  {
    name: "CPU µs a message, equal",
    load: "equal",
    digits: 1,
    of: ({ proxyCost }) => proxyCost?.cpuUsPerMessage,
  },
  {
    name: "CPU µs a message, saturated",
    load: "saturated",
    digits: 1,
    of: ({ proxyCost }) => proxyCost?.cpuUsPerMessage,
  },
  { name: "messages/s, saturated", load: "saturated", digits: 0, of: ({ throughputPerS }) => throughputPerS },
  { name: "KiB a WebSocket", load: "equal", digits: 1, of: perWebSocket },
  { name: "opened a second", load: "equal", digits: 0, of: ({ opening }) => opening?.perS },
  { name: "CPU µs an opening", load: "equal", digits: 0, of: ({ opening }) => opening?.cpuUsPerHandshake },
  { name: "p99 µs, equal", load: "equal", digits: 0, of: ({ latencyUs }) => latencyUs?.wire?.p99 },
  { name: "p99 µs, one in 1,000 huge", load: "huge", digits: 0, of: ({ latencyUs }) => latencyUs?.wire?.p99 },
];

/** A trial that lost messages or WebSockets is of another load. */
const isWhole = ({ failures }) => failures.length === 0;

export async function http2Cost({ folder, quick, progress }) {
  const sizes = [...Array(hugeShare - 1).fill(64), hugeBytes];
  await writeFile(join(folder, sizesFile), `${sizes.join("\n")}\n`);
  /** By proxy, load and way, of each round the trial or null. */
  const seen = new Map();
  const files = await scenarioFiles(folder, quick);
  for (const round of rounds(quick ? 1 : 7, 780)) {
    for (const { load, file } of round % 2 === 0 ? files : files.toReversed()) {
      progress(`http2-cost, round ${round + 1}: ${load}`);
      const { document } = await runCli(join(folder, "runs"), ["run", file]);
      for (const { name, http = 1, trials } of document.arms) {
        const key = keyOf(name.split(".")[0], load, String(http));
        const [trial = null] = trials.filter(isWhole);
        seen.set(key, [...(seen.get(key) ?? []), trial]);
      }
    }
  }
  show(seen, quick);
  return [];
}

/** One of the proxies that take both, one of the others, for each load. */
async function scenarioFiles(folder, quick) {
  const files = [];
  for (const [load, workload] of Object.entries(loads)) {
    const sized = "sizes" in workload ? { ...workload, sizes: join(folder, workload.sizes) } : workload;
    const short = quick ? { ...sized, ...quickly } : sized;
    for (const [name, scenario] of [
      ["both", { arms: both, matrix: { http: [1, 2] } }],
      ["one", { arms: oneOnly }],
    ]) {
      const file = join(folder, `http2-cost-${load}-${name}.json`);
      await writeFile(file, JSON.stringify({ name: "http2-cost", workload: short, ...scenario }));
      files.push({ load, file });
    }
  }
  return files;
}

function keyOf(proxy, load, way) {
  return `${proxy} ${load} ${way}`;
}

function show(seen, quick) {
  const count = Math.max(0, ...[...seen.values()].map((trials) => trials.length));
  for (const { name, load, digits, of } of figures) {
    const valuesOf = (proxy, way) =>
      (seen.get(keyOf(proxy, load, way)) ?? []).map((trial) => (trial === null ? null : (of(trial) ?? null)));
    printTable({
      title: `${name}: ${whole(quick ? quickly.connections : loads[load].connections)} WebSockets, over HTTP/1.1 and HTTP/2 (${streams} a connection)`,
      columns: ["", "HTTP/1.1", "HTTP/2", "2 over 1.1", "rounds"],
      rows: [...both, ...oneOnly].map((proxy) => {
        const [first, second] = ways.map((way) => valuesOf(proxy, way));
        const ratios = second.flatMap((value, round) =>
          value !== null && first[round] ? [value / first[round]] : [],
        );
        return [
          proxy,
          spread(first, digits),
          spread(second, digits),
          spread(ratios, 2),
          String(ratios.length),
        ];
      }),
      notes: [
        `Medians of ${inWords(count)}, in brackets the lowest and the highest: of seven rounds, a 98 % interval of the median. The ratio`,
        "is of figures of one round. A dash: not over HTTP/2, or no trial without a failure.",
      ],
    });
  }
}

/** "1.02 (0.97-1.10)" */
function spread(values, digits) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "-";
  const write = (value) => value.toFixed(digits);
  return `${write(median(known))} (${write(Math.min(...known))}-${write(Math.max(...known))})`;
}
