/**
 * WebSockets over HTTP/2 through Traefik: Go announces them where its environment says so, and Traefik passes none on.
 */
import { quoteAt } from "../../../diagnosis/quote.js";
import type { H2Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { nodeAt } from "../language/fields.js";
import { type ConfigView, quoteOf } from "./config-view.js";

export function explainH2({ route }: ConfigView, symptom: H2Symptom): Explanation | null {
  switch (symptom.what) {
    case "unannounced":
      return {
        cause:
          "Traefik takes no WebSocket over HTTP/2, and Go announces none without GODEBUG=http2xconnect=1",
        cure: "nothing: browsers open WebSockets over HTTP/1.1",
      };
    case "refused":
      return {
        cause: `GODEBUG=http2xconnect=1 in Traefik's environment has Go announce them, and Traefik ${symptom.version ?? ""} passes none on: it answers 501 itself, and 500 up to 3.7.13`,
        cure: "Traefik's environment without http2xconnect in GODEBUG: browsers then use HTTP/1.1 for WebSockets",
      };
    case "few-streams": {
      const quote = quoteOf(nodeAt(route?.entryPoint.entry?.value ?? null, "http2"), "maxConcurrentStreams");
      return quote === null
        ? null
        : {
            cause: `${quoteAt(quote)}: all tabs of a browser share one connection to the entry point`,
            cure: "without the line, which leaves 250, or:\nmaxConcurrentStreams: 100",
            quotes: [quote],
          };
    }
    case "key-missing":
    case "streams-end":
    case "cut-at-reload":
    case "slow-stream":
      // It takes none.
      return null;
  }
}
