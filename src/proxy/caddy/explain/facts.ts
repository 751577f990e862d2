/**
 * What a Caddy config says of times and room where a WebSocket goes through it.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { Quote } from "../../../diagnosis/quote.js";
import { goBacklog } from "../../go-limits.js";
import { lineNamed } from "../language/config-tree.js";
import { upstreamWords } from "../route/addresses.js";
import { filesPerConnection } from "../run/template.js";
import { type ConfigView, quoteOf, timeOf, written } from "./config-view.js";

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
    room: roomOf(view),
    connectionLimit: null,
    handshakeLimit: null,
    backlog: { value: goBacklog, quote: byDefault("Caddy asks for as many as net.core.somaxconn allows") },
    filesPerConnection,
  };
}

/** Beyond it an upstream is taken for down: an open WebSocket is a request that is under way. */
export function roomOf({ proxy }: ConfigView): ConfigFacts["room"] {
  const line = proxy === null ? null : lineNamed(proxy, "unhealthy_request_count");
  const each = Number(line?.args[0]?.text);
  if (proxy === null || line === null || !(each > 0)) return null;
  const value = each * Math.max(1, upstreamWords(proxy).length);
  return {
    ...{ value, quote: quoteOf(line), oneByOne: value, parts: 1 },
    words: [`config: ${written(line)}: room for ${value} WebSockets`],
  };
}

function byDefault(text: string): Quote {
  return { text, place: null };
}
