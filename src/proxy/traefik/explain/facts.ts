/**
 * What is known of times and room where a WebSocket goes through Traefik: its config has a word for none of them.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { Quote } from "../../../diagnosis/quote.js";
import { goBacklog } from "../../go-limits.js";
import { filesPerConnection } from "../run/template.js";

/** @param workers processors that it keeps busy */
export function factsOf(workers: number): ConfigFacts {
  return {
    workers,
    // `respondingTimeouts` end with the handshake.
    idleS: { value: null, quote: byDefault("Traefik has no idle limit for WebSockets: never") },
    shutdownS: { value: null, quote: byDefault("Traefik keeps open WebSockets when its routes change") },
    room: null,
    connectionLimit: null,
    handshakeLimit: null,
    backlog: { value: goBacklog, quote: byDefault("Traefik asks for as many as net.core.somaxconn allows") },
    filesPerConnection,
  };
}

function byDefault(text: string): Quote {
  return { text, place: null };
}
