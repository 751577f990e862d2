/**
 * Things of a config as sentences name them, with where they stand.
 */
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { ConfigNode } from "../../tree/config-node.js";
import { nodeAt, textAt, typeOf } from "../language/config-node.js";
import { addressText } from "../route/listeners.js";
import { samplePath } from "../route/select-route.js";

function at(words: string, place: Place | null): string {
  return place === null ? words : `${words} at ${placeWords(place)}`;
}

/** "the HttpConnectionManager at site.yaml:12" */
export function messageWords(node: ConfigNode): string {
  return at(`the ${typeOf(node) ?? "message"}`, node.place);
}

/** "virtual host app at site.yaml:20" */
export function hostWords(virtualHost: ConfigNode): string {
  return at(`virtual host ${textAt(virtualHost, "name") ?? "without a name"}`, virtualHost.place);
}

/** "the route for /ws at site.yaml:24" */
export function routeWords(route: ConfigNode): string {
  const name = textAt(route, "name") ?? `for ${samplePath(route) ?? "a pattern"}`;
  return at(`the route ${name}`, route.place);
}

/** "cluster app at site.yaml:40" */
export function clusterWords(cluster: ConfigNode): string {
  return at(`cluster ${textAt(cluster, "name") ?? "without a name"}`, cluster.place);
}

/** "listener web at site.yaml:4" */
export function listenerWords(listener: ConfigNode): string {
  const name = textAt(listener, "name") ?? addressText(nodeAt(listener, "address"));
  return at(`listener ${name}`, listener.place);
}
