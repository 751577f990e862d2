/**
 * From what a check saw to the directives that make it so.
 */
import { assertNever } from "../../../base/assert-never.js";
import { explainDead } from "../../../diagnosis/explain-dead.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigView } from "./config-view.js";
import { explainAnswer, explainUnanswered } from "./explain-answer.js";
import { explainH2 } from "./explain-h2.js";
import { explainRefusal } from "./explain-refusal.js";
import {
  explainAnswerChange,
  explainClient,
  explainHead,
  explainHeader,
  explainHiddenRefusal,
  explainLostUpgrade,
  explainPath,
  explainPlainUpgraded,
  explainScheme,
} from "./explain-request.js";
import { explainHeartbeat, explainIdle, explainReload, explainRoom } from "./explain-times.js";
import {
  explainClientTls,
  explainHttpVersion,
  explainMissing,
  explainUpstreamScheme,
  explainUpstreamTls,
} from "./explain-upstream.js";
import { factsOf } from "./facts.js";

const deadCure =
  "a ping of the backend's own, which ends who does not answer; or fewer tries of TCP, on the whole machine:\nsysctl net.ipv4.tcp_retries2=8";

/** Null where the config has no part in it. */
export function explainSymptom(view: ConfigView, symptom: Symptom): Explanation | null {
  switch (symptom.kind) {
    case "config-refused":
      return explainRefusal(symptom.words);
    case "answered-early":
      return explainAnswer(view, symptom);
    case "unanswered":
      return explainUnanswered(view, symptom);
    case "upgrade-lost":
      return explainLostUpgrade(view);
    case "http-version":
      return explainHttpVersion(view, symptom.version);
    case "answer-lost":
    case "answer-changed":
    case "key-lost":
      return explainAnswerChange(view, symptom.kind);
    case "path-changed":
      return explainPath(view, symptom);
    case "plain-upgraded":
      return explainPlainUpgraded(view);
    case "header-changed":
      return explainHeader(view, symptom);
    case "client-unknown":
      return explainClient(view, symptom.forged);
    case "scheme-unknown":
      return explainScheme(view);
    case "request-head-refused":
    case "response-head-refused":
      return explainHead(
        view,
        symptom.kind === "request-head-refused" ? "request" : "response",
        symptom.bytes,
      );
    case "refusal-hidden":
      return explainHiddenRefusal(view);
    case "upstream-tls-failed":
      return explainUpstreamTls(view, symptom.log);
    case "upstream-scheme":
      return explainUpstreamScheme(view, symptom);
    case "idle-end":
      return explainIdle(view, symptom.afterS);
    case "heartbeat-ignored":
      return explainHeartbeat(view);
    case "cut-at-reload":
      return explainReload(view, symptom.afterS);
    case "room-ends":
      return explainRoom(view, symptom);
    case "upstream-missing":
      return explainMissing(view);
    case "upstream-failed":
      return explainAnswer(view, {
        ...{ kind: "answered-early", status: symptom.status ?? 502, log: symptom.log },
        ...{ location: null, bodyStart: "" },
      });
    case "client-tls-failed":
      return explainClientTls(view);
    case "messages-held":
    case "share-ends":
    case "upstream-unnamed":
    case "slow-reader":
    case "other-protocol":
      // Nothing of a tunnel is held back, a slow reader slows the other, and a TLS handshake has its name always.
      return null;
    case "dead-kept":
      return explainDead(factsOf(view).idleS, deadCure);
    case "h2-websocket":
      return explainH2(view, symptom);
    default:
      return assertNever(symptom);
  }
}
