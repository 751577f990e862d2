/**
 * What a stranger's config may ask of the machine in numbers, and that it must not know wsrally's names.
 */
import { UsageError } from "../../../base/errors.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { ConfigNode } from "../../tree/config-node.js";
import { namedIn } from "../language/fields.js";
import type { ReadConfig } from "../language/read-config.js";

/** More than any config has use for on the machine of a gate. */
const most = { values: 50_000, entryPoints: 64, routers: 2000, services: 2000 };

/**
 * Before anything is done with it.
 * @throws UsageError
 */
export function refuseExcess({ install, routing }: Pick<ReadConfig, "install" | "routing">): void {
  const counts = {
    values: countOf(routing) + (install === null ? 0 : countOf(install)),
    entryPoints: namedIn(install, "entryPoints").length,
    routers: namedIn(routing, "http", "routers").length + namedIn(routing, "tcp", "routers").length,
    services: namedIn(routing, "http", "services").length + namedIn(routing, "tcp", "services").length,
  };
  for (const kind of ["values", "entryPoints", "routers", "services"] as const)
    if (counts[kind] > most[kind]) throw tooMuch(routing.place, `more than ${most[kind]} ${kind}`);
  for (const tree of [install, routing]) if (tree !== null) refuseMarks(tree, tree.place);
}

function countOf(node: ConfigNode): number {
  if (node.kind === "scalar") return 1;
  const inner = node.kind === "list" ? node.items : node.entries.map(({ value }) => value);
  return inner.reduce((sum, one) => sum + countOf(one), 1);
}

function refuseMarks(node: ConfigNode, place: Place | null): void {
  const at = node.place ?? place;
  if (node.kind === "scalar") refuseMark(String(node.value), at);
  if (node.kind === "list") for (const item of node.items) refuseMarks(item, at);
  if (node.kind !== "map") return;
  for (const { key, value, place: own } of node.entries) {
    refuseMark(key, own ?? at);
    refuseMarks(value, own ?? at);
  }
}

function refuseMark(text: string, place: Place | null): void {
  if (/@wsrally-|^wsrally-/.test(text)) throw tooMuch(place, "a name that is wsrally's own");
}

function tooMuch(place: Place | null, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${words} is more than a gate gives a config, which may be a stranger's`,
  );
}
