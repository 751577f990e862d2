/**
 * What a Caddy config says of times and room where a WebSocket goes through it.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { Quote } from "../../../diagnosis/quote.js";
import { goBacklog } from "../../go-limits.js";
import { filesPerConnection } from "../run/template.js";
import { type ConfigView, timeOf } from "./config-view.js";

export function factsOf(view: ConfigView): ConfigFacts {
  const closeDelay = timeOf(view, "stream_close_delay");
  const silence = timeOf(view, "read_timeout");
  return {
    workers: view.workers,
    // A backend that says nothing for so long loses its WebSocket, whatever the client says.
    idleS:
      silence === null
        ? { value: null, quote: byDefault("Caddy has no idle limit for WebSockets: never") }
        : { value: silence.value, quote: silence.quote },
    shutdownS:
      closeDelay === null
        ? {
            value: 0,
            quote: byDefault(
              "`stream_close_delay` is not set: a reload that changes anything closes every WebSocket",
            ),
          }
        : { value: closeDelay.value, quote: closeDelay.quote },
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
