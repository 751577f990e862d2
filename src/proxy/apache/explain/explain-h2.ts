/**
 * WebSockets over HTTP/2 through Apache: announced where `H2WebSockets` is on, and no more than six on a connection.
 */
import type { H2Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { quoteOf, written } from "../language/config-tree.js";
import { type ConfigView, effectiveLine } from "./config-view.js";

export function explainH2(view: ConfigView, symptom: H2Symptom): Explanation | null {
  const line = effectiveLine(view, "h2websockets");
  const quotes = line === null ? [] : [quoteOf(line)];
  const words = line === null ? "`H2WebSockets on`" : written(line);
  switch (symptom.what) {
    case "unannounced":
      return {
        cause: "Apache announces them with `H2WebSockets on` alone, which mod_http2 has from httpd 2.4.58 on",
        cure: "nothing: browsers open WebSockets over HTTP/1.1",
        quotes,
      };
    case "refused":
      return {
        cause: `${words} announces WebSockets over HTTP/2, and the way of the request does not let them through`,
        cure: "browsers open them over HTTP/1.1 with:\nH2WebSockets off",
        quotes,
      };
    case "streams-end":
      return {
        cause: `${words}: mod_http2 works on six requests of a connection at once, and on more only after some have ended, which WebSockets do not; with ${symptom.opened} open whatever the browser asks for next waits, pages too, and neither H2MaxSessionStreams nor H2MaxWorkers raises it`,
        cure: "for browsers a connection for each WebSocket, over HTTP/1.1:\nH2WebSockets off\nfor clients that open another connection where one is full, what it carries:\nH2MaxSessionStreams 6",
        quotes,
      };
    case "few-streams": {
      const limit = effectiveLine(view, "h2maxsessionstreams");
      return limit === null
        ? null
        : {
            cause: `${written(limit)}: all tabs of a browser share one connection`,
            cure: "without the line, which leaves 100, or:\nH2MaxSessionStreams 100",
            quotes: [quoteOf(limit)],
          };
    }
    case "key-missing":
    case "cut-at-reload":
    case "slow-stream":
      // It makes a key for each, and a graceful restart leaves the old children their connections.
      return null;
  }
}
