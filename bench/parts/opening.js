/**
 * How fast connections open, upgraded and all: a burst as fast as they are accepted, 128 handshakes at once, the other
 * end on its own processor.
 */
import { engines, enginesFor, floorOf, runGenerator } from "../support/contestants.js";
import { startEnds } from "../support/ends.js";
import { median, whole } from "../support/figures.js";
import { rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";

const directPerS = 8000;

export async function opening(context) {
  const { quick, progress } = context;
  const ends = await startEnds(context);
  const [direct, wss] = ends.list;
  const plainJob = () => ({ ...direct.job(), connections: quick ? 5000 : 10_000, until: "open" });
  const tlsJob = () => ({ ...wss.job(), connections: quick ? 1000 : 2000, until: "open" });
  const floor = floorOf(context.cPrograms);
  const kinds = [
    ["direct", (engine) => runGenerator({ engine, ...plainJob() })],
    ...(wss === undefined
      ? []
      : [
          ["wss", (engine) => runGenerator({ engine, ...tlsJob() })],
          ["resumed", (engine) => runGenerator({ engine, ...tlsJob(), resume: true })],
        ]),
  ];
  const runs = new Map();
  const add = (key, run) => runs.set(key, [...(runs.get(key) ?? []), run]);
  for (const round of rounds(quick ? 1 : 5, 60)) {
    progress(`opening, round ${round + 1}`);
    if (floor !== null) add("c direct", await floor.run({ ...plainJob(), warmupMs: 0, windowMs: 1 }));
    for (const [kind, open] of kinds) {
      for (const engine of enginesFor(kind !== "direct")) add(`${engine} ${kind}`, await open(engine));
    }
  }
  await ends.stop();
  show(runs, kinds, ends.notes);
  return engines
    .filter((engine) => engine !== "ws")
    .map((engine) => {
      const value = median(runs.get(`${engine} direct`).map(perS));
      return {
        target: `${engine}: opening >= ${whole(directPerS)} connections/s direct`,
        measured: `${whole(value)}/s`,
        isMet: value >= directPerS,
      };
    });
}

function show(runs, kinds, notes) {
  const cells = (key) => {
    const all = runs.get(key);
    if (all === undefined) return ["-", "-"];
    const cpuUs = all.map(({ openingCpuUs, opened }) => openingCpuUs / opened);
    return [whole(median(all.map(perS))), Number.isNaN(cpuUs[0]) ? "-" : whole(median(cpuUs))];
  };
  printTable({
    title: "Opening, connections a second and the generator's CPU µs for each",
    columns: ["", ...kinds.flatMap(([kind]) => [`${kind} /s`, "CPU µs"])],
    rows: ["c", ...engines]
      .filter((name) => runs.has(`${name} direct`))
      .map((name) => [name, ...kinds.flatMap(([kind]) => cells(`${name} ${kind}`))]),
    notes: [
      "128 handshakes at once; the C floor asks for all before it reads an answer, and checks no more than the 101.",
      "CPU compares where others keep the processors busy; connections a second do not.",
      "Each is a new process: its first thousands take twice as much as the rest, for the code is new to V8.",
      ...notes,
    ],
  });
}

function perS({ opened, openingS }) {
  return opened / openingS;
}
