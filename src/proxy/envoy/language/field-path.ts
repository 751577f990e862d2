/**
 * Where Envoy's words point to: it tells of a field by its path ("static_resources.listeners[0].filter_chains[0]"), of a
 * constraint by the names of the messages on the way, and of a thing by its name in quotes; never of a line.
 */
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import { type ConfigMap, type ConfigNode, mapsIn } from "../../tree/config-node.js";
import { entryOf } from "./config-node.js";

/** "site.yaml:12"; null where nothing of the user's is named. */
export function placeOfWords(tree: ConfigMap, words: string): string | null {
  const place = placeOfPath(tree, words) ?? placeOfName(tree, words);
  return place === null ? null : placeWords(place);
}

/** The innermost field of the path that is there, and in it the one that Envoy does not know. */
function placeOfPath(tree: ConfigMap, words: string): Place | null {
  const path = /(?:^|\s)@ ([\w.<>[\]"-]+?)(?:\.<any>)?:\s/.exec(words)?.[1];
  if (path === undefined) return null;
  const steps = path.match(/\[\d+\]|\["[^"]*"\]|[^.[\]<>"]+/g) ?? [];
  let at: ConfigNode = tree;
  let place: Place | null = tree.place;
  for (const step of steps.filter((one) => one !== "any")) {
    const next = stepInto(at, step);
    if (next === null) break;
    place = next.place ?? place;
    at = next.node;
  }
  const unknown = /no such field: '([^']+)'/.exec(words)?.[1];
  const entry = unknown === undefined ? null : entryWithin(at, unknown);
  return entry ?? place;
}

function stepInto(node: ConfigNode, step: string): { node: ConfigNode; place: Place | null } | null {
  const index = /^\[(\d+)\]$/.exec(step)?.[1];
  if (index !== undefined) {
    const item = node.kind === "list" ? node.items[Number(index)] : undefined;
    // A single item stands for a list of one.
    return item === undefined ? { node, place: null } : { node: item, place: item.place };
  }
  const entry = entryOf(node, step.replace(/^\["|"\]$/g, ""));
  return entry === null ? null : { node: entry.value, place: entry.place };
}

/** A field may stand in a message within: protobuf tells of the outer one where it is of any type. */
function entryWithin(node: ConfigNode, name: string): Place | null {
  for (const map of mapsIn(node)) {
    const entry = map.entries.find(({ key }) => key === name);
    if (entry !== undefined) return entry.place;
  }
  return null;
}

/** "route: unknown cluster 'app'": the value that is written so, a name of wsrally's own aside. */
function placeOfName(tree: ConfigMap, words: string): Place | null {
  const ofRoute = /\bin route (\S+)$/.exec(words)?.[1] ?? "";
  const quoted = [...words.matchAll(/'([^'\s]+)'|"([^"\s]+)"/g)].map(
    ([, single, double]) => single ?? double ?? "",
  );
  const names = [ofRoute, ...quoted].filter(Boolean);
  for (const name of names) {
    for (const map of mapsIn(tree)) {
      const entry = map.entries.find(
        ({ value, place }) => place !== null && value.kind === "scalar" && value.value === name,
      );
      if (entry !== undefined) return entry.place;
    }
  }
  return null;
}
