/**
 * WebSockets over HTTP/2 through Envoy: announced where `allow_connect` says so, and passed on without a key.
 */
import { quoteAt } from "../../../diagnosis/quote.js";
import type { H2Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { nodeAt } from "../language/config-node.js";
import type { ConfigView } from "./config-view.js";
import { messageWords, routeWords } from "./places.js";
import { quoteOf } from "./quotes.js";

/** Any 16 bytes: over HTTP/2 nobody looks at what a backend makes of them. */
const key = "d3NyYWxseS1oMi1rZXkuLg==";

const keyLines = `request_headers_to_add:
- header: {key: sec-websocket-key, value: "${key}"}
  append_action: ADD_IF_ABSENT`;

export function explainH2(view: ConfigView, symptom: H2Symptom): Explanation | null {
  const manager = view.first?.manager ?? null;
  const options = nodeAt(manager, "http2_protocol_options");
  const allow = quoteOf(options, "allow_connect");
  const allowWords = allow === null ? "`allow_connect`" : quoteAt(allow);
  const quotes = allow === null ? [] : [allow];
  const where = manager === null ? "the HttpConnectionManager" : messageWords(manager);
  switch (symptom.what) {
    case "unannounced":
      return {
        cause: `Envoy announces them with \`allow_connect: true\` in the http2_protocol_options of ${where} alone, and passes them on without a Sec-WebSocket-Key then (up to 1.40.0)`,
        cure: "nothing: browsers open WebSockets over HTTP/1.1",
        quotes,
      };
    case "key-missing":
      return {
        cause: `${allowWords} announces WebSockets over HTTP/2; Envoy ${symptom.version ?? ""} makes an HTTP/1.1 upgrade of each and adds no Sec-WebSocket-Key, which RFC 8441 does without and RFC 6455 asks for: strict backends answer 400`,
        cure: `${view.first?.route == null ? "in the route" : `in ${routeWords(view.first.route)}`}, beside \`route:\`, a key for those who bring none; or without allow_connect:\n${keyLines}`,
        quotes,
      };
    case "refused":
      return {
        cause: `${allowWords} announces WebSockets over HTTP/2, and the way of the request does not let them through`,
        cure: `without allow_connect browsers open them over HTTP/1.1; in ${where}:\nallow_connect: false`,
        quotes,
      };
    case "few-streams": {
      const quote = quoteOf(options, "max_concurrent_streams");
      return quote === null
        ? null
        : {
            cause: `${quoteAt(quote)}: all tabs of a browser share one connection, and a WebSocket holds one of its streams for as long as it lives`,
            cure: "max_concurrent_streams: 100",
            quotes: [quote],
          };
    }
    case "streams-end":
    case "cut-at-reload":
    case "slow-stream":
      return null;
  }
}
