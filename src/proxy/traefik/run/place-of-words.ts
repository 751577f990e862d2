/**
 * Where Traefik's words point to: it tells of a field, or of a router, a service or a middleware by its name; never of a line.
 */
import { placeWords } from "../../../diagnosis/quote.js";
import { type ConfigEntry, mapsIn } from "../../tree/config-node.js";
import { entryOf } from "../language/fields.js";
import { bareName, type Parts, routersOf } from "../route/parts.js";

/** "site.yml:12"; null where nothing of the user's is named. */
export function placeOfWords(parts: Parts, words: string): string | null {
  const router = routerIn(parts, words);
  const entry = fieldIn(parts, words) ?? aboutOf(router, words) ?? valueIn(parts, words) ?? router;
  return entry?.place == null ? null : placeWords(entry.place);
}

/** "field not found, node: servicee" */
function fieldIn({ install, routing }: Parts, words: string): ConfigEntry | null {
  const name = /field not found, node: (\S+)/.exec(words)?.[1];
  if (name === undefined) return null;
  for (const tree of [routing, install])
    for (const map of tree === null ? [] : mapsIn(tree)) {
      const entry = map.entries.find(({ key }) => key === name);
      if (entry !== undefined) return entry;
    }
  return null;
}

/** `[app@file]`, at the end of what is said of a router. */
function routerIn(parts: Parts, words: string): ConfigEntry | null {
  const name = /\[(?:\S+-conflicted-)?(\S+)@file\]/.exec(words)?.[1];
  const routers = [...routersOf(parts), ...routersOf(parts, "tcp")];
  return routers.find((one) => one.name === name)?.entry ?? null;
}

/** "the service \"x@file\" does not exist": what of the router it is about. */
function aboutOf(router: ConfigEntry | null, words: string): ConfigEntry | null {
  const field = about.find(([pattern]) => pattern.test(words))?.[1];
  return router === null || field === undefined ? null : entryOf(router.value, field);
}

const about: readonly (readonly [RegExp, string])[] = [
  [/[Ee]ntryPoint/, "entryPoints"],
  [/middleware/, "middlewares"],
  [/service "|servers transport|building proxy|healthCheck/, "service"],
  [/\brule\b/, "rule"],
  [/TLS [Oo]ptions/, "tls"],
];

/** A name or a value in quotes, as it is written. */
function valueIn({ install, routing }: Parts, words: string): ConfigEntry | null {
  const quoted = [...words.matchAll(/"([^"\s]+)"/g)].map(([, name = ""]) => bareName(name));
  for (const name of quoted)
    for (const tree of [routing, install])
      for (const map of tree === null ? [] : mapsIn(tree)) {
        const entry = map.entries.find(
          ({ key, value }) => key === name || (value.kind === "scalar" && value.value === name),
        );
        if (entry !== undefined) return entry;
      }
  return null;
}
