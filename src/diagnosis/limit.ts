/**
 * What will stop an arm, foretold from its config and from this machine's limits; how far each is true a search shows.
 */
import type { LogCause } from "./log-cause.js";
import type { Quote } from "./quote.js";

export const limitNames = [
  "worker-connections",
  "maxconn",
  "frontend-maxconn",
  "server-maxconn",
  "request-workers",
  "circuit-breaker",
  "unhealthy-request-count",
  "proxy-descriptors",
  "upstream-ports",
  "limit-conn",
  "limit-req",
  "listen-backlog",
  "memory",
  "generator-ports",
  "proxy-cpu",
] as const;

export type LimitName = (typeof limitNames)[number];

export const limitUnits = ["connections", "handshakes at once", "messages/s"] as const;
type LimitUnit = (typeof limitUnits)[number];

export interface ForetoldLimit {
  readonly name: LimitName;
  readonly unit: LimitUnit;
  /** Null where nothing tells. */
  readonly foretold: number | null;
  /** The directive, sysctl or setting to change, with what it is now. */
  readonly directive: string;
  /** How the number comes about. */
  readonly note: string;
  /** What the proxy's log says when this is what stops it. */
  readonly provenBy: readonly LogCause[];
  /** Of a limit that the user's config sets; null where it is the machine's, or wsrally's own. */
  readonly admission: Admission | null;
}

/** How a load opens its connections. */
export interface Opening {
  readonly connections: number;
  /** Null: as fast as they are accepted, many at once. */
  readonly perS: number | null;
}

/** What a config lets in of a load's connections. */
export interface Admission {
  readonly quote: Quote;
  /** False where the proxy may let more in: by a key that differs from client to client, say. */
  readonly isCertain: boolean;
  /** At most. */
  letsIn(opening: Opening): number;
  /** Where one by one more of them fit. */
  readonly oneByOne: number | null;
  /** Why some may be turned away though it is not sure; null where nothing speaks for it. */
  caveat(opening: Opening): string | null;
  /** What would let so many in, as it is to be written. */
  cure(connections: number): string;
}

export interface MachineLimits {
  /** Open files a process may have; null where the system does not tell. */
  readonly maxOpenFiles: number | null;
  /** Ports from one address to one other; null where the system does not tell. */
  readonly ephemeralPorts: number | null;
  /** Connections that a listening socket keeps waiting (net.core.somaxconn); null where the system does not tell. */
  readonly listenBacklog: number | null;
  /** Memory that can be had without swapping, in bytes; null where the system does not tell. */
  readonly availableBytes: number | null;
}

/** Ascending, what is not known last. */
export function byForetold(a: ForetoldLimit, b: ForetoldLimit): number {
  return (a.foretold ?? Number.MAX_VALUE) - (b.foretold ?? Number.MAX_VALUE);
}
