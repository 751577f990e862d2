/**
 * What a Caddy config says of times and room where a WebSocket goes through it.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { Quote, Stated } from "../../../diagnosis/quote.js";
import { filesPerConnection } from "../run/template.js";

export interface FactTerms {
  /** Processors that Go's threads keep busy: no config says so. */
  readonly workers: number;
  /** `stream_close_delay`, in seconds. */
  readonly closeDelay: Stated<number> | null;
  /** The transport's `read_timeout`, in seconds: a backend that says nothing for so long loses its WebSocket. */
  readonly readTimeout: Stated<number> | null;
}

/** The most that listen(2) takes: Go asks for what net.core.somaxconn says. */
const goBacklog = 65_535;

export function factsOf({ workers, closeDelay, readTimeout }: FactTerms): ConfigFacts {
  return {
    workers,
    idleS: readTimeout ?? { value: null, quote: byDefault("Caddy has no idle limit for WebSockets") },
    shutdownS: closeDelay ?? {
      value: 0,
      quote: byDefault("without `stream_close_delay` a reload that changes anything closes every WebSocket"),
    },
    room: null,
    connectionLimit: null,
    handshakeLimit: null,
    backlog: { value: goBacklog, quote: byDefault("Caddy asks for as many as net.core.somaxconn allows") },
    filesPerConnection,
  };
}

function byDefault(text: string): Quote {
  return { text, place: null };
}
