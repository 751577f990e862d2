/**
 * From what a check saw to the directives that make it so.
 */
import { assertNever } from "../../../base/assert-never.js";
import { explainDead } from "../../../diagnosis/explain-dead.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigView } from "./config-view.js";
import { passedOf } from "./config-view.js";
import { explainAnswer, explainUnanswered } from "./explain-answer.js";
import { explainBackend, explainMissing } from "./explain-backend.js";
import { explainH2 } from "./explain-h2.js";
import {
  explainAnswerChange,
  explainClient,
  explainHeader,
  explainHiddenRefusal,
  explainPlainUpgraded,
  explainScheme,
} from "./explain-headers.js";
import { explainRefusal } from "./explain-refusal.js";
import { explainHead, explainHttpVersion, explainLostUpgrade, explainPath } from "./explain-request.js";
import { explainRoom } from "./explain-room.js";
import { explainIdle, explainSlowReader } from "./explain-times.js";
import {
  explainClientTls,
  explainUnnamed,
  explainUpstreamScheme,
  explainUpstreamTls,
} from "./explain-tls.js";
import { idle } from "./facts.js";

const deadCure =
  "shorter `Timeout` and `ProxyTimeout` for the silent; for those that are sent to, fewer tries of TCP, on the whole machine:\nsysctl net.ipv4.tcp_retries2=8";

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
      return explainUpstreamTls(view, symptom);
    case "upstream-scheme":
      return explainUpstreamScheme(view, symptom);
    case "upstream-unnamed":
      return explainUnnamed(view, symptom.name);
    case "upstream-missing":
      return explainMissing(view, symptom.isAll);
    case "upstream-failed":
      return passedOf(view) === null && symptom.status !== null
        ? explainAnswer(view, {
            kind: "answered-early",
            status: symptom.status,
            location: null,
            bodyStart: "",
            log: symptom.log,
          })
        : explainBackend(view, symptom.log, symptom.status);
    case "client-tls-failed":
      return explainClientTls(view);
    case "idle-end":
      return explainIdle(view, symptom.afterS);
    case "room-ends":
      return explainRoom(view, symptom);
    case "slow-reader":
      return explainSlowReader(view, symptom);
    case "share-ends":
    case "cut-at-reload":
    case "other-protocol":
    case "messages-held":
    case "heartbeat-ignored":
      // Apache has no such limit, keeps its tunnels at a reload, and holds nothing of them back.
      return null;
    case "dead-kept":
      return explainDead(idle(view), deadCure);
    case "h2-websocket":
      return explainH2(view, symptom);
    default:
      return assertNever(symptom);
  }
}
