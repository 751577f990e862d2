/**
 * What a stranger's config may ask of the machine in numbers.
 */
import { UsageError } from "../../../base/errors.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import { type ConfigMap, type ConfigNode, mapsIn } from "../../tree/config-node.js";
import { endpointsOf } from "../route/follow-route.js";
import { clustersOf, listenersOf } from "../route/listeners.js";

/** More than any config has use for on the machine of a gate. */
const most = { values: 50_000, listeners: 64, clusters: 2000, endpoints: 5000 };

/**
 * Before anything is done with it: a config must not keep wsrally busy, nor know its marks.
 * @throws UsageError
 */
export function refuseExcess(tree: ConfigMap): void {
  const counts = {
    values: countOf(tree),
    listeners: listenersOf(tree).length,
    clusters: clustersOf(tree).length,
    endpoints: clustersOf(tree).reduce((sum, cluster) => sum + endpointsOf(cluster).length, 0),
  };
  for (const kind of ["values", "listeners", "clusters", "endpoints"] as const)
    if (counts[kind] > most[kind]) throw tooMuch(tree.place, `more than ${most[kind]} ${kind}`);
  for (const map of mapsIn(tree))
    for (const { key, value, place } of map.entries)
      if ([key, ...textsIn(value)].some((text) => text.includes("@wsrally-")))
        throw tooMuch(place, "a name that is wsrally's own");
}

function countOf(node: ConfigNode): number {
  if (node.kind === "scalar") return 1;
  const inner = node.kind === "list" ? node.items : node.entries.map(({ value }) => value);
  return inner.reduce((sum, one) => sum + countOf(one), 1);
}

/** Of a single value, or of a list of them. */
function textsIn(node: ConfigNode): string[] {
  if (node.kind === "list") return node.items.flatMap(textsIn);
  return node.kind === "scalar" ? [String(node.value)] : [];
}

function tooMuch(place: Place | null, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${words} is more than a gate gives a config, which may be a stranger's`,
  );
}
