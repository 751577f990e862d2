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
  /** What was seen need be no fault: a warning. */
  readonly isMild?: boolean;
  readonly cause: string;
  /** What to do, in words; from the second line on what to paste. */
  readonly cure: string;
  /** What the cause points at, for remarks beside a diff. */
  readonly quotes?: readonly Quote[];
}

export interface WrittenUpstream {
  /** `HOST:PORT`, or `unix:PATH`. */
  readonly address: string;
  readonly tls: boolean;
  readonly quote: Quote;
}

export interface UpstreamTls {
  /** Where the config asks for the upstream's certificate to be checked; null where it does not. */
  readonly verify: Quote | null;
  /** The name that is looked for in it; empty where none is, or it cannot be told. */
  readonly name: string;
  /** Every name that a certificate needs to stand in for the config's upstreams. */
  readonly names: readonly string[];
  readonly sendsName: boolean;
  /** A file; null for those that the system trusts. */
  readonly authorities: string | null;
  /** Whether the proxy has a certificate of its own to show. */
  readonly offersCertificate: boolean;
}

interface AccessRule extends Quote {
  /** A service that is not here is asked, and was taken to let everybody in. */
  readonly isAsked: boolean;
}

export interface WrittenConfig {
  /** The path that it is seen from. */
  readonly path: string;
  /** That a browser writes into Host and Origin; null for the scheme's own. */
  readonly port: number | null;
  readonly facts: ConfigFacts;
  readonly upstreams: readonly WrittenUpstream[];
  readonly upstreamTls: UpstreamTls | null;
  /** What may turn a client away. */
  readonly access: readonly AccessRule[];
  readonly certificates: readonly {
    readonly file: string;
    readonly names: readonly string[];
    readonly quote: Quote;
  }[];
  /**
   * Why there is nothing to run with it: it passes no request on. Null where it does, or that is the proxy's to say.
   * @throws UsageError for one that passes on what is no HTTP
   */
  deadEnd(): Finding | null;
  /** Why this was seen, in this proxy's directives; null where it has nothing to say. */
  explain(symptom: Symptom): Explanation | null;
  /** What the config alone shows: notes, and warnings of what it names. */
  advise(): readonly Finding[];
}
