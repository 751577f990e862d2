/**
 * A host and a path that a rule takes.
 */
import { sampleString } from "../../patterns/sample-string.js";
import { template } from "./match-rule.js";
import { matchersOf, parseRule } from "./parse-rule.js";
import type { Router } from "./parts.js";

export interface Sample {
  /** Null for any. */
  readonly host: string | null;
  /** Null where the rule says nothing of it, or none is found. */
  readonly path: string | null;
}

export function sampleOf({ rule, syntax }: Pick<Router, "rule" | "syntax">): Sample {
  const matchers = matchersOf(parseRule(rule));
  const first = (names: RegExp): { name: string; value: string } | null => {
    const found = matchers.find(({ name }) => names.test(name));
    return found === undefined ? null : { name: found.name.toLowerCase(), value: found.values[0] ?? "" };
  };
  const host = first(/^(?:host|hostheader|hostregexp)$/i);
  const path = first(/^(?:path|pathprefix|pathregexp)$/i);
  const isV2 = syntax === "v2";
  const bySample = (value: string, start: string): string | null =>
    sampleString(`^(?:${isV2 ? template(value) : value.replace(/^\^|\$$/g, "")})$`, "", start);
  return {
    host:
      host === null
        ? null
        : host.name === "hostregexp"
          ? named(bySample(host.value, ""))
          : host.value.toLowerCase(),
    path:
      path === null
        ? null
        : path.name === "pathregexp" || (isV2 && path.value.includes("{"))
          ? bySample(path.value, "/")
          : path.value,
  };
}

/** What no client can ask for is none. */
function named(host: string | null): string | null {
  return host !== null && /^[a-z0-9.-]+$/i.test(host) ? host : null;
}

/** `host:port`, which no client can ask for: Traefik compares the name alone. */
export function portedHosts({ rule }: Pick<Router, "rule">): string[] {
  return matchersOf(parseRule(rule)).flatMap(({ name, values }) =>
    /^(?:host|hostheader)$/i.test(name) ? values.filter((value) => /:\d+$/.test(value)) : [],
  );
}
