/**
 * From what a check saw to the fields that make it so.
 */
import { assertNever } from "../../../base/assert-never.js";
import { explainDead } from "../../../diagnosis/explain-dead.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type ConfigView, middlewaresOfType } from "./config-view.js";
import { explainAnswer } from "./explain-answer.js";
import { explainH2 } from "./explain-h2.js";
import { explainRefusal } from "./explain-refusal.js";
import {
  explainClient,
  explainClientTls,
  explainHandshake,
  explainHead,
  explainHeader,
  explainLostUpgrade,
  explainPath,
  explainPlainUpgraded,
} from "./explain-request.js";
import {
  explainHiddenRefusal,
  explainMissing,
  explainScheme,
  explainUnnamed,
  explainUpstream,
  explainUpstreamTls,
} from "./explain-upstream.js";
import { connectionLimit, factsOf } from "./facts.js";
import { middlewareWords } from "./things.js";

const deadCure =
  "a ping of the backend's own, which ends who does not answer; or fewer tries of TCP, on the whole machine:\nsysctl net.ipv4.tcp_retries2=8";

/** Null where the config has no part in it. */
export function explainSymptom(view: ConfigView, symptom: Symptom): Explanation | null {
  switch (symptom.kind) {
    case "config-refused":
      return explainRefusal(symptom.words);
    case "answered-early":
      return explainAnswer(view, symptom);
    case "upgrade-lost":
      return explainLostUpgrade(view);
    case "plain-upgraded":
      return explainPlainUpgraded(view);
    case "answer-lost":
      return explainUpstream(view, 500, symptom.log);
    case "answer-changed":
    case "key-lost":
      return explainHandshake(view);
    case "path-changed":
      return explainPath(view, symptom);
    case "header-changed":
      return explainHeader(view, symptom);
    case "client-unknown":
      return explainClient(view);
    case "request-head-refused":
      return explainHead(view, symptom.bytes);
    case "refusal-hidden":
      return explainHiddenRefusal(view);
    case "upstream-tls-failed":
      return explainUpstreamTls(view, symptom);
    case "upstream-scheme":
      return explainScheme(view, symptom);
    case "upstream-unnamed":
      return explainUnnamed(view, symptom.name);
    case "upstream-missing":
      return explainMissing(view, symptom.isAll);
    case "upstream-failed":
      return explainUpstream(view, symptom.status ?? 502, symptom.log);
    case "client-tls-failed":
      return explainClientTls(view);
    case "share-ends":
    case "room-ends":
      return explainShare(view);
    case "unanswered":
    case "http-version":
    case "idle-end":
    case "response-head-refused":
    case "scheme-unknown":
    case "messages-held":
    case "slow-reader":
    case "heartbeat-ignored":
    case "cut-at-reload":
    case "other-protocol":
      // Traefik asks servers in HTTP/1.1, upgrades nothing by itself, holds nothing of a tunnel back, and ends none.
      return null;
    case "dead-kept":
      return explainDead(factsOf(view).idleS, deadCure);
    case "h2-websocket":
      return explainH2(view, symptom);
    default:
      return assertNever(symptom);
  }
}

/** All who have the same source share it. */
function explainShare(view: ConfigView): Explanation | null {
  const limit = connectionLimit(view);
  const [middleware] = middlewaresOfType(view, "inflightreq");
  return limit === null || middleware === undefined
    ? null
    : {
        cause: `${quoteAt(limit.quote)} of ${middlewareWords(middleware)} counts each WebSocket for as long as it lives, by ${limit.by}: beyond it Traefik answers 429${limit.by === "Host" ? "; all clients of a host share it" : ""}`,
        cure: "as many as there are to be WebSockets, or another `sourceCriterion`:\namount: NUMBER",
        quotes: [limit.quote],
      };
}
