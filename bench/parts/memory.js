/**
 * The generator's memory for an idle connection: the slope of its anonymous memory between a few connections and many,
 * once they are open and what the openings left behind has been collected. The kernel's own memory for sockets is not
 * in it.
 */

import { engines, enginesFor, runGenerator } from "../support/contestants.js";
import { startEnds } from "../support/ends.js";
import { median, whole } from "../support/figures.js";
import { rounds } from "../support/rounds.js";
import { printTable } from "../support/table.js";

const sizes = { plain: [4000, 14_000], wss: [500, 2500] };
const limitKib = { plain: 1, wss: 24 };

export async function memory(context) {
  const ends = await startEnds(context);
  const kib = new Map();
  for (const round of rounds(context.quick ? 1 : 3, 60)) {
    for (const { kind, job } of ends.list) {
      for (const engine of enginesFor(kind === "wss")) {
        context.progress(`memory, round ${round + 1}: ${engine}, ${kind}`);
        const key = `${engine} ${kind}`;
        kib.set(key, [...(kib.get(key) ?? []), await slopeKib({ engine, ...job() }, sizes[kind])]);
      }
    }
  }
  await ends.stop();
  const cell = (engine, kind) => {
    const values = kib.get(`${engine} ${kind}`);
    return values === undefined ? "-" : median(values).toFixed(2);
  };
  printTable({
    title: "Memory of the generator for an idle connection",
    columns: ["", "plain KiB", "wss KiB"],
    rows: engines.map((engine) => [engine, cell(engine, "plain"), cell(engine, "wss")]),
    notes: [
      `Slope of anonymous memory from ${sizes.plain.map(whole).join(" to ")} connections, with TLS from ${sizes.wss.map(whole).join(" to ")}.`,
      ...ends.notes,
    ],
  });
  return [...kib]
    .filter(([key]) => !key.startsWith("ws "))
    .map(([key, values]) => {
      const [engine, kind] = key.split(" ");
      const value = median(values);
      return {
        target: `${engine}: memory of an idle ${kind} connection <= ${limitKib[kind]} KiB`,
        measured: `${value.toFixed(2)} KiB`,
        isMet: value <= limitKib[kind],
      };
    });
}

async function slopeKib(job, [few, many]) {
  const bytes = [];
  for (const connections of [few, many]) {
    const { opened, anonymousBytes } = await runGenerator({ ...job, connections, until: "open" });
    if (opened !== connections) throw new Error(`${opened} of ${connections} connections opened`);
    bytes.push(anonymousBytes);
  }
  return (bytes[1] - bytes[0]) / (many - few) / 1024;
}
