/**
 * What a stranger's config may ask of the machine in numbers.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { ConfigLine, ConfigTree } from "../language/config-tree.js";

/** More than any config has use for on the machine of a gate. */
const most = { lines: 50_000, binds: 256, servers: 5000 };

const kibi = 1024;
const units: Readonly<Record<string, number>> = { "": 1, k: kibi, m: kibi ** 2, g: kibi ** 3 };

/** By keyword, the most of its first number. */
const largest: Readonly<Record<string, number>> = {
  nbthread: 64,
  "thread-groups": 16,
  maxconn: 1_048_576,
  fullconn: 1_048_576,
  "ulimit-n": 4_194_304,
  "fd-hard-limit": 4_194_304,
  "total-max-size": 256,
  "tune.bufsize": kibi ** 2,
  "tune.buffers.limit": 1_048_576,
  "tune.pipesize": kibi ** 2,
  "tune.ssl.cachesize": 1_000_000,
  "tune.pattern.cache-size": 100_000,
  "tune.maxpollevents": 10_000,
};

/**
 * Before anything is done with it: a config must not keep wsrally busy, nor know its marks.
 * @throws UsageError
 */
export function refuseExcess(tree: ConfigTree): void {
  const counts = { lines: 0, binds: 0, servers: 0 };
  for (const { lines, args, place } of tree) {
    if (args.some(isMark)) throw tooMuch({ place }, "a name that is wsrally's own");
    for (const line of lines) {
      counts.lines++;
      if (line.name === "bind") counts.binds++;
      if (line.name === "server") counts.servers++;
      if (line.name === "server-template")
        counts.servers += Number(/\d+$/.exec(line.args[1] ?? "")?.[0] ?? 1);
      for (const kind of ["lines", "binds", "servers"] as const)
        if (counts[kind] > most[kind]) throw tooMuch(line, `more than ${most[kind]} ${kind}`);
      if ([line.name, ...line.args].some(isMark)) throw tooMuch(line, "a name that is wsrally's own");
    }
  }
}

function isMark(word: string): boolean {
  return word.includes("@wsrally-");
}

export function refuseExcessive(line: ConfigLine, refusal: (words: string) => UsageError): void {
  const limit = largest[line.name];
  const size = sizeOf(line.args[0] ?? "");
  if (limit !== undefined && size > limit)
    throw refusal(`${line.name} ${line.args[0]} is more than a gate gives`);
  const at = line.name === "stick-table" ? line.args.indexOf("size") : -1;
  if (at !== -1 && sizeOf(line.args[at + 1] ?? "") > 16 * kibi ** 2)
    throw refusal(`a stick-table of ${line.args[at + 1]} is more than a gate gives`);
}

/** NaN for what is no number, which is more than nothing. */
function sizeOf(word: string): number {
  const [, digits = "NaN", unit = ""] = /^(\d+)([kmg]?)$/i.exec(word) ?? [];
  return Number(digits) * (units[unit.toLowerCase()] ?? 1);
}

function tooMuch({ place }: Pick<ConfigLine, "place">, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${words} is more than a gate gives a config, which may be a stranger's`,
  );
}
