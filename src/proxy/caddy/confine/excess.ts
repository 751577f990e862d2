/**
 * What a stranger's config may ask of the machine in numbers, and that it must not know wsrally's marks.
 */
import { UsageError } from "../../../base/errors.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import { type ConfigTree, directivesOf, sitesOf } from "../language/config-tree.js";

/** More than any config has use for on the machine of a gate. */
const most = { lines: 50_000, sites: 500 };

/**
 * Before anything is done with it.
 * @throws UsageError
 */
export function refuseExcess(tree: ConfigTree): void {
  const sites = sitesOf(tree);
  if (sites.length > most.sites)
    throw tooMuch(sites[most.sites]?.place ?? null, `more than ${most.sites} sites`);
  for (const { keys } of tree) for (const { text, place } of keys) refuseMark(text, place);
  let lines = 0;
  for (const { name, args, place } of directivesOf(tree)) {
    if (++lines > most.lines) throw tooMuch(place, `more than ${most.lines} lines`);
    for (const word of [name, ...args.map(({ text }) => text)]) refuseMark(word, place);
  }
}

function refuseMark(word: string, place: Place): void {
  if (word.includes("@wsrally-")) throw tooMuch(place, "a name that is wsrally's own");
}

function tooMuch(place: Place | null, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${words} is more than a gate gives a config, which may be a stranger's`,
  );
}
