/**
 * Things of a config as sentences name them, with where they stand.
 */
import { type Place, placeWords, type Quote, quoteAt } from "../../../diagnosis/quote.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { quoteEntry } from "../../tree/quote-entry.js";
import { namedIn } from "../language/fields.js";
import type { Middleware } from "../route/follow-route.js";
import type { EntryPoint, Router } from "../route/parts.js";
import type { ConfigView } from "./config-view.js";

function at(words: string, place: Place | null): string {
  return place === null ? words : `${words} at ${placeWords(place)}`;
}

/** "the router app at site.yml:4" */
export function routerWords({ name, entry }: Router): string {
  return at(`the router ${name}`, entry.place);
}

/** "the middleware auth at site.yml:12" */
export function middlewareWords({ name, entry }: Middleware): string {
  return at(`the middleware ${name}`, entry.place);
}

/** "the entry point web at traefik.yml:3" */
export function entryPointWords({ name, entry }: EntryPoint): string {
  return at(`the entry point ${name}`, entry?.place ?? null);
}

/** "the service app at site.yml:20", by its `loadBalancer`. */
export function serviceWords({ read }: ConfigView, balancer: ConfigMap): string {
  const found = ["http", "tcp"]
    .flatMap((kind) => namedIn(read.routing, kind, "services"))
    .find(({ value }) => value.kind === "map" && value.entries.some((entry) => entry.value === balancer));
  return found === undefined ? "the service" : at(`the service ${found.key}`, found.place);
}

/** "the middleware auth (`basicAuth: {…}` at site.yml:12)" */
export function middlewareAt(middleware: Middleware): string {
  return `the middleware ${middleware.name} (${quoteAt(settingsQuote(middleware))})`;
}

/** What a middleware is and says: `stripPrefix: {prefixes: [/ws]}`. */
export function settingsQuote({ entry }: Middleware): Quote {
  const [only] = namedIn(entry.value);
  return only === undefined ? { text: entry.key, place: entry.place } : quoteEntry(only);
}
