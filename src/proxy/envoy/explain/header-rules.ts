/**
 * What a config does to headers on the way of a WebSocket.
 */
import type { Quote } from "../../../diagnosis/quote.js";
import { type ConfigNode, plainOf } from "../../tree/config-node.js";
import { itemsAt, nodeAt, textAt } from "../language/config-node.js";
import { mapsAt } from "../route/listeners.js";
import { type ConfigView, filtersOfType, httpFilters } from "./config-view.js";

type Way = "request" | "response";

/** Rules that take a header away, or set it; routes, virtual hosts, and the filter header_mutation have them. */
export function headerRules({ route }: ConfigView, way: Way, name: string): Quote[] {
  const wanted = name.toLowerCase();
  return (route?.stages ?? []).flatMap((stage) => {
    const { routes, virtualHost, route: taken, action } = stage;
    const holders = [routes, virtualHost, taken, ...mapsAt(action, "weighted_clusters", "clusters")];
    const filters = filtersOfType(httpFilters(stage), "HeaderMutation").flatMap((filter) =>
      itemsAt(nodeAt(filter, "typed_config", "mutations"), `${way}_mutations`),
    );
    return [
      ...holders.flatMap((holder) => [...removed(holder, way, wanted), ...added(holder, way, wanted)]),
      ...filters.flatMap((mutation) => mutated(mutation, wanted)),
    ];
  });
}

function removed(holder: ConfigNode | null, way: Way, wanted: string): Quote[] {
  const field = `${way}_headers_to_remove`;
  return itemsAt(holder, field).flatMap((item) =>
    item.kind === "scalar" && String(item.value).toLowerCase() === wanted
      ? [{ text: `${field}: [${item.value}]`, place: item.place }]
      : [],
  );
}

function added(holder: ConfigNode | null, way: Way, wanted: string): Quote[] {
  const field = `${way}_headers_to_add`;
  return itemsAt(holder, field).flatMap((item) => setting(nodeAt(item, "header"), wanted));
}

function mutated(mutation: ConfigNode, wanted: string): Quote[] {
  const gone = textAt(mutation, "remove");
  if (gone?.toLowerCase() === wanted) return [{ text: `remove: ${gone}`, place: mutation.place }];
  return setting(nodeAt(mutation, "append", "header"), wanted);
}

function setting(header: ConfigNode | null, wanted: string): Quote[] {
  if (header === null || textAt(header, "key")?.toLowerCase() !== wanted) return [];
  return [
    {
      text: `header: {key: ${textAt(header, "key")}, value: ${JSON.stringify(plainOf(nodeAt(header, "value") ?? header))}}`,
      place: header.place,
    },
  ];
}
