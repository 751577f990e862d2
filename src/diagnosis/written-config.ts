/**
 * A config seen from the path that is asked for. The proxy's driver keeps the tree; everybody else gets facts, places
 * and words.
 */
import type { ConfigFacts } from "./config-facts.js";
import type { Finding } from "./finding.js";
import type { Quote } from "./quote.js";
import type { Symptom } from "./symptom.js";

export interface Explanation {
  /** In place of the check's own, where the proxy knows better what is wrong. */
  readonly title?: string;
  readonly cause: string;
  /** What to do, in words; from the second line on what to paste. */
  readonly cure: string;
  /** What the cause points at, for remarks beside a diff. */
  readonly quotes?: readonly Quote[];
}

export interface WrittenUpstream {
  readonly address: string;
  readonly tls: boolean;
  readonly quote: Quote;
}

export interface UpstreamTls {
  /** Where the config asks for the upstream's certificate to be checked; null where it does not. */
  readonly verify: Quote | null;
  /** The name that is looked for in it. */
  readonly name: string;
  readonly sendsName: boolean;
  readonly authorities: string | null;
}

export interface WrittenConfig {
  /** The path that it is seen from. */
  readonly path: string;
  readonly facts: ConfigFacts;
  readonly upstreams: readonly WrittenUpstream[];
  readonly upstreamTls: UpstreamTls | null;
  /** What may turn a client away. */
  readonly access: readonly Quote[];
  readonly certificates: readonly {
    readonly file: string;
    readonly names: readonly string[];
    readonly quote: Quote;
  }[];
  /** Why this was seen, in this proxy's directives; null where it has nothing to say. */
  explain(symptom: Symptom): Explanation | null;
  /** What the config alone shows: notes, and warnings of what it names. */
  advise(): readonly Finding[];
}
