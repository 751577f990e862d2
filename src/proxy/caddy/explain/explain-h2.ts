/**
 * WebSockets over HTTP/2 through Caddy: Go announces them where its environment says so, and Caddy takes them from 2.10 on.
 */
import type { H2Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { compareVersions } from "../../program/program-spec.js";
import type { ConfigView } from "./config-view.js";
import { explainReload } from "./explain-times.js";

const firstVersion = "2.10.0";

export function explainH2(view: ConfigView, symptom: H2Symptom): Explanation | null {
  const { version } = symptom;
  const isOld = version !== null && compareVersions(version, firstVersion) < 0;
  switch (symptom.what) {
    case "unannounced":
      return {
        cause: isOld
          ? `Caddy ${version} takes no WebSocket over HTTP/2: 2.10 and later do, with GODEBUG=http2xconnect=1 in their environment`
          : "Caddy announces them with GODEBUG=http2xconnect=1 in its environment alone, for so Go's net/http has it",
        cure: "nothing: browsers open WebSockets over HTTP/1.1",
      };
    case "refused":
      return {
        cause: isOld
          ? `GODEBUG=http2xconnect=1 has Go announce them, and Caddy ${version} passes none on`
          : "GODEBUG=http2xconnect=1 has Go announce them; what the request meets here does not pass an extended CONNECT on",
        cure: `${isOld ? "Caddy 2.10 or later, or " : ""}Caddy's environment without http2xconnect in GODEBUG: browsers then use HTTP/1.1`,
      };
    case "cut-at-reload":
      return explainReload(view, symptom.afterS);
    case "slow-stream":
      return symptom.reader === "client"
        ? null
        : {
            cause:
              "Go's HTTP/2 lets a client have 1 MiB unread on a connection, and as much on each stream of it: one whose backend does not read takes all of it",
            cure: "Caddy's environment without http2xconnect in GODEBUG: browsers then open each WebSocket on a connection of its own",
          };
    case "key-missing":
    case "few-streams":
    case "streams-end":
      // Caddy makes a key for each, and Go's 250 streams a connection cannot be set.
      return null;
  }
}
