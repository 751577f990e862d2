/**
 * From what a check saw to the fields that make it so.
 */
import { assertNever } from "../../../base/assert-never.js";
import { explainDead } from "../../../diagnosis/explain-dead.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigView } from "./config-view.js";
import { explainAnswer } from "./explain-answer.js";
import { explainH2 } from "./explain-h2.js";
import { explainRefusal } from "./explain-refusal.js";
import {
  explainAnswerChange,
  explainClient,
  explainHead,
  explainHeader,
  explainHiddenRefusal,
  explainHttpVersion,
  explainLostUpgrade,
  explainPath,
} from "./explain-request.js";
import { explainIdle, explainRoom, explainShare } from "./explain-times.js";
import {
  explainClientTls,
  explainUnnamed,
  explainUpstreamScheme,
  explainUpstreamTls,
} from "./explain-tls.js";
import { explainFailed, explainMissing } from "./explain-upstream.js";
import { explainUnanswered } from "./explain-wait.js";
import { idle } from "./facts.js";

const deadCure =
  "in the listener, TCP_USER_TIMEOUT for those that are sent to (30 s); `stream_idle_timeout` is for the silent:\nsocket_options: [{ level: 6, name: 18, int_value: 30000, state: STATE_LISTENING }]";

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
    case "header-changed":
      return explainHeader(view, symptom);
    case "client-unknown":
      return explainClient(view);
    case "request-head-refused":
      return explainHead(view, "request", symptom.bytes);
    case "response-head-refused":
      return explainHead(view, "response", symptom.bytes);
    case "refusal-hidden":
      return explainHiddenRefusal(view);
    case "upstream-tls-failed":
      return explainUpstreamTls(view, symptom);
    case "upstream-scheme":
      return explainUpstreamScheme(view, symptom);
    case "upstream-unnamed":
      return explainUnnamed(view, symptom.name);
    case "upstream-missing":
      return explainMissing(view, symptom.isAll);
    case "upstream-failed":
      return explainFailed(view, symptom);
    case "client-tls-failed":
      return explainClientTls(view);
    case "share-ends":
      return explainShare(view);
    case "idle-end":
      return explainIdle(view, symptom.afterS);
    case "room-ends":
      return explainRoom(view, symptom);
    case "plain-upgraded":
    case "scheme-unknown":
    case "messages-held":
    case "slow-reader":
    case "heartbeat-ignored":
    case "other-protocol":
      // Envoy upgrades nothing by itself, tells X-Forwarded-Proto, and holds nothing of a tunnel back.
      return null;
    case "cut-at-reload":
      return {
        cause:
          "a hot restart leaves the old Envoy its WebSockets for --parent-shutdown-time-s (900 s unless it is given), and then ends it",
        cure: "start Envoy with a longer one, --parent-shutdown-time-s 86400, or let clients come back after a random wait",
      };
    case "dead-kept":
      return explainDead(idle(view), deadCure);
    case "h2-websocket":
      return explainH2(view, symptom);
    default:
      return assertNever(symptom);
  }
}
