/** What a sitting is to measure, by its flags. */
import { parseArgs } from "node:util";
import { manyConnections } from "./cells.js";
import { proxies } from "./proxies.js";

const help = `npm run cost-table -- [flags]: what a message and a connection cost each proxy

  --proxies LIST      of ${Object.keys(proxies).join(",")} (all)
  --schemes LIST      of ws,wss (both)
  --sizes LIST        bytes a message (64,1000,16000; from ${manyConnections} connections on the least of them)
  --full              all sizes with ever so many connections: the same table in half as much time again and more
  --connections LIST  (100,1000,10000; what a proxy has no room for is left out, and said)
  --loads LIST        of saturation,paced; paced is 30 % of what the proxy carried (both)
  --rounds N          passes over all cells, with a run of each; after every pass the table is whole (2)
  --blocks N          trials of every proxy in a run (3)
  --minutes N         begin no run that would end later, and go on from there next time
  --quick             one round of one block with short windows: a look, which settles nothing
  --check             whether docs/cost-of-a-message.md shows the table of paper; ends with 1 where it does not
  --out DIR           where the runs and the table are (paper)

Measures what is not stored yet, then writes cost-table.json there, and with paper itself the table and the charts of
docs/cost-of-a-message.md. --minutes 0 measures nothing and writes both anew. wsrally verify DIR makes every figure again.
`;

const options = {
  proxies: { type: "string", default: Object.keys(proxies).join(",") },
  schemes: { type: "string", default: "ws,wss" },
  sizes: { type: "string", default: "64,1000,16000" },
  connections: { type: "string", default: "100,1000,10000" },
  loads: { type: "string", default: "saturation,paced" },
  rounds: { type: "string" },
  blocks: { type: "string" },
  minutes: { type: "string" },
  full: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
  out: { type: "string", default: "paper" },
  help: { type: "boolean", default: false },
};

/** Ends the process with 2 for what is none of these, and with 0 after help. */
export function parseFlags(args) {
  const values = readValues(args);
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  const quick = values.quick;
  return {
    quick,
    full: values.full,
    check: values.check,
    out: values.out,
    kinds: words("proxies", values.proxies, Object.keys(proxies)),
    schemes: words("schemes", values.schemes, ["ws", "wss"]),
    loads: words("loads", values.loads, ["saturation", "paced"]),
    sizes: numbers("sizes", values.sizes),
    connections: numbers("connections", values.connections),
    rounds: number("rounds", values.rounds ?? (quick ? "1" : "2"), 1),
    blocks: number("blocks", values.blocks ?? (quick ? "1" : "3"), 1),
    minutes: values.minutes === undefined ? Number.POSITIVE_INFINITY : number("minutes", values.minutes, 0),
  };
}

function readValues(args) {
  try {
    return parseArgs({ args, options, strict: true }).values;
  } catch (thrown) {
    return refuse(thrown.message);
  }
}

function words(name, text, allowed) {
  const chosen = text.split(",");
  const unknown = chosen.find((word) => !allowed.includes(word));
  if (unknown !== undefined)
    refuse(`Cannot take --${name} ${text}: "${unknown}" is none of ${allowed.join(", ")}`);
  return allowed.filter((word) => chosen.includes(word));
}

function numbers(name, text) {
  return [...new Set(text.split(",").map((word) => number(name, word, 1)))].sort((a, b) => a - b);
}

function number(name, text, least) {
  if (!/^\d{1,7}$/.test(text) || Number(text) < least)
    refuse(`Cannot take --${name} ${text}: want whole numbers from ${least}`);
  return Number(text);
}

function refuse(line) {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}
