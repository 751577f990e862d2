/**
 * What a message and a connection cost nginx: small and large messages, plain and with TLS in front, at one rate and in
 * a closed loop. Measured by `wsrally run` itself, each figure one of its run document: in every block each kind has
 * its turn, and the two loads take turns too. The table is Markdown, for docs/message-cost.md.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, whole } from "../support/figures.js";
import { clearProgress } from "../support/progress.js";
import { rounds } from "../support/rounds.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const connections = 500;
const ratePerS = 2000;
const sizes = [64, 8000];
const loads = [
  { name: "paced", words: `${whole(ratePerS)}/s`, workload: { rate: ratePerS, duration: 3 } },
  { name: "closed", words: "closed loop", workload: { closed: true, duration: 1 } },
];
const timeoutMs = 240_000;

export async function messageCost({ nginx, folder, quick, progress }) {
  if (nginx === null) {
    process.stdout.write("\nWhat nginx costs: not measured, for there is no nginx\n");
    return [];
  }
  const blocks = quick ? 1 : 2;
  /** Trials by load and arm. */
  const trials = new Map();
  let taken = 0;
  for (const round of rounds(quick ? 1 : 3, 120)) {
    taken++;
    // The loads change places each round, so that neither always comes first.
    for (const load of round % 2 === 0 ? loads : loads.toReversed()) {
      progress(`message-cost, round ${round + 1}: ${load.name}`);
      for (const arm of (await measure({ load, folder, blocks })).arms) {
        const key = `${load.name} ${arm.name}`;
        trials.set(key, [
          ...(trials.get(key) ?? []),
          ...arm.trials.filter(({ disqualified }) => !disqualified),
        ]);
      }
    }
  }
  show(trials, { blocks: taken * blocks, nginx });
  return [];
}

/** One run of all four kinds under one load. @returns its run document */
async function measure({ load, folder, blocks }) {
  const file = join(folder, `message-cost-${load.name}.json`);
  const scenario = {
    name: `message-cost-${load.name}`,
    workload: { connections, blocks, warmup: 0.5, ...load.workload },
    arms: [
      { name: "ws", arm: "nginx" },
      { name: "wss", arm: "nginx", set: { tls: "on" } },
    ],
    matrix: { payload: sizes },
  };
  await writeFile(file, JSON.stringify(scenario));
  const out = join(folder, "runs");
  const args = [program, "run", file, "--json", "--out", out];
  // Killed gently, so that it ends what it has started.
  const options = { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, killSignal: "SIGTERM" };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return JSON.parse(stdout);
}

function show(trials, { blocks, nginx }) {
  const kinds = ["ws", "wss"].flatMap((arm) => sizes.map((size) => ({ arm, size })));
  const rows = loads.flatMap((load) =>
    kinds.map(({ arm, size }) => {
      const ran = trials.get(`${load.name} ${arm}.payload-${size}`) ?? [];
      const cost = (figure, digits, unit = 1) =>
        spread(
          ran.flatMap(({ proxyCost }) => proxyCost?.[figure] ?? []),
          digits,
          unit,
        );
      return [
        `${arm}, ${whole(size)} B, ${load.words}`,
        ran.length === 0 ? "-" : whole(median(ran.map(({ throughputPerS }) => throughputPerS))),
        cost("cpuUsPerMessage", 1),
        cost("userCpuUsPerMessage", 1),
        cost("systemCpuUsPerMessage", 1),
        cost("contextSwitchesPerMessage", 2),
        cost("pssBytesPerConnection", 1, 1024),
        cost("activeBytesPerConnection", 1, 1024),
      ];
    }),
  );
  clearProgress();
  const counts = [...trials.values()].map(({ length }) => length);
  process.stdout.write(
    [
      "",
      ...markdownTable(
        [
          "nginx",
          "messages/s",
          "CPU µs a message",
          "user",
          "system",
          "switches",
          "KiB a connection",
          "active",
        ],
        rows,
      ),
      "",
      `nginx ${nginx.version}, one worker on a processor of its own, ${whole(connections)} connections; interleaved in ${blocks} blocks, of`,
      `which ${Math.min(...counts)} to ${Math.max(...counts)} trials were sound. Medians over the trials, in brackets the lowest and the highest.`,
      "",
    ].join("\n"),
  );
}

/** "9.4 (8.8-10.2)"; "-" for what was not measured. */
function spread(values, digits, unit) {
  if (values.length === 0) return "-";
  const write = (value) => (value / unit).toFixed(digits);
  return `${write(median(values))} (${write(Math.min(...values))}-${write(Math.max(...values))})`;
}

function markdownTable(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)];
}
