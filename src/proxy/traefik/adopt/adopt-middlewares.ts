/**
 * Middlewares of the copy: code, whom they would ask, and who turns clients away for who they are, are left out.
 */
import type { ConfigEntry, ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { nodeOf } from "../../tree/config-node.js";
import {
  entryOf,
  namedIn,
  nodeAt,
  textAt,
  withField,
  withItems,
  withMap,
  withNamed,
} from "../language/fields.js";
import { bareName, typeOf } from "../route/parts.js";
import { type Adoption, leaveOut } from "./adoption.js";

/** Names of those that are not in the copy. */
export type LeftOut = ReadonlySet<string>;

const byClient = "the generator is not whom it lets in";

/** Why one is left out, by its type; null where it stays. */
function reasonOf(type: string, { keepsAccess, keepsUpstream, liftsRates }: Adoption): string | null {
  if (type === "plugin") return "no code of a config runs";
  if (type === "forwardauth") return keepsUpstream ? null : "nobody is asked who may connect";
  if (/^(?:basicauth|digestauth|ipallowlist|ipwhitelist)$/.test(type)) return keepsAccess ? null : byClient;
  return type === "ratelimit" && liftsRates ? "the probe tells of it from the config" : null;
}

export function leftOutMiddlewares(adoption: Adoption): LeftOut {
  const gone = namedIn(adoption.read.routing, "http", "middlewares").flatMap((entry) => {
    const type = typeOf(entry)?.type ?? "";
    const why = reasonOf(type, adoption);
    if (why === null) return [];
    adoption.note(
      `The middleware ${entry.key} (${typeOf(entry)?.settings.key}) was left out: ${why}`,
      entry.place,
    );
    return [entry.key];
  });
  return new Set(gone);
}

/** Of a router, a chain, or an entry point: its `middlewares` without those. */
export function withoutLeftOut(map: ConfigMap, gone: LeftOut): ConfigMap {
  const isGone = (name: unknown): boolean => gone.has(bareName(String(name).trim()));
  const held = nodeAt(map, "middlewares");
  if (held?.kind === "scalar")
    return withField(
      map,
      "middlewares",
      nodeOf(
        String(held.value)
          .split(",")
          .filter((name) => !isGone(name)),
      ),
    );
  return withItems(map, "middlewares", (item) =>
    item.kind === "scalar" && isGone(item.value) ? [] : [item],
  );
}

export function adoptMiddlewares(http: ConfigMap, gone: LeftOut, adoption: Adoption): ConfigMap {
  return withNamed(http, "middlewares", (entry) =>
    gone.has(entry.key) ? null : adopted(entry, gone, adoption),
  );
}

function adopted({ value }: ConfigEntry, gone: LeftOut, adoption: Adoption): ConfigNode {
  if (value.kind !== "map") return value;
  let changed = withMap(value, "chain", (chain) => withoutLeftOut(chain, gone));
  changed = withMap(changed, "rateLimit", (rate) =>
    leaveOut(rate, ["redis"], "nobody else is asked", adoption),
  );
  for (const type of ["basicAuth", "digestAuth"])
    changed = withMap(changed, type, (auth) => withCopy(auth, "usersFile", adoption));
  return changed;
}

/** A field that names a file names its copy. */
export function withCopy(map: ConfigMap, field: string, adoption: Adoption): ConfigMap {
  const path = textAt(map, field);
  if (path === null) return map;
  const place = entryOf(map, field)?.place ?? null;
  const copy = adoption.copy(path, `${field}: ${path}`, place);
  if (copy !== path) adoption.note(`\`${field}: ${path}\` is a copy in the private folder instead`, place);
  return withField(map, field, nodeOf(copy));
}

/** A list of files is one of copies. */
export function withCopies(map: ConfigMap, field: string, adoption: Adoption): ConfigMap {
  return withItems(map, field, (item) =>
    item.kind === "scalar"
      ? [{ ...item, value: adoption.copy(String(item.value), `${field}: ${item.value}`, item.place) }]
      : [item],
  );
}
