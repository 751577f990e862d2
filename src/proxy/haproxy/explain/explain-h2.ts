/**
 * WebSockets over HTTP/2 through HAProxy, which announces them wherever it speaks HTTP/2 and makes HTTP/1.1 upgrades of them.
 */
import { quoteAt } from "../../../diagnosis/quote.js";
import type { H2Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type ConfigView, globalLine, quoteOf, written } from "./config-view.js";
import { explainReload } from "./explain-times.js";

const workaround = "h2-workaround-bogus-websocket-clients";
const streamLines = ["tune.h2.fe.max-concurrent-streams", "tune.h2.max-concurrent-streams"] as const;

export function explainH2(view: ConfigView, symptom: H2Symptom): Explanation | null {
  switch (symptom.what) {
    case "unannounced": {
      const line = globalLine(view, workaround);
      return line === null
        ? null
        : { cause: `${written(line)}: HAProxy announces none, and browsers use HTTP/1.1`, cure: "nothing" };
    }
    case "refused":
      return {
        cause: `HAProxy ${symptom.version ?? ""} announces them wherever it speaks HTTP/2, and makes an HTTP/1.1 upgrade of each: a rule that looks at the method or at Upgrade may see another request than it was written for`,
        cure: `let browsers open WebSockets over HTTP/1.1, in global:\n${workaround}`,
      };
    case "few-streams":
    case "streams-end": {
      const quotes = streamLines.flatMap((name) => globalLine(view, name) ?? []).map(quoteOf);
      const [quote] = quotes;
      return quote === undefined
        ? null
        : {
            cause: `${quoteAt(quote)}: all tabs of a browser share one connection, and a WebSocket holds one of its streams for as long as it lives`,
            cure: `without the line, which leaves 100, or:\n${quote.text.split(/\s+/)[0]} 100`,
            quotes,
          };
    }
    case "cut-at-reload":
      return explainReload(view, symptom.afterS);
    case "slow-stream":
      // haproxy#352, #2853: windows of one buffer, as #1607 has them, do not help (2.8.25).
      return {
        cause: `HAProxy ${symptom.version ?? ""} takes more of a stream than it has a buffer for, and reads nothing of that HTTP/2 connection until the buffer is passed on: its streams wait, whoever's they are`,
        cure:
          symptom.reader === "client"
            ? "HTTP/1.1 to the server, without `proto h2`; HAProxy 3.1 is said to have mended most of it"
            : `HTTP/1.1 for the browsers' WebSockets, in global (HAProxy 3.1 is said to have mended most of it):\n${workaround}`,
      };
    case "key-missing":
      // HAProxy makes a key for each.
      return null;
  }
}
