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
  explainHttpVersion,
  explainLostUpgrade,
  explainPath,
  explainPlainUpgraded,
  explainScheme,
} from "./explain-request.js";
import { explainRoom, explainShare } from "./explain-room.js";
import { causesOf, explainMissing, explainServerLog } from "./explain-server.js";
import { explainIdle, explainReload, explainSlowReader } from "./explain-times.js";
import {
  explainClientTls,
  explainUnnamed,
  explainUpstreamScheme,
  explainUpstreamTls,
} from "./explain-upstream-tls.js";
import { idle } from "./facts.js";

const deadCure =
  "shorter ones than a quarter of an hour: `timeout tunnel` for the silent, and for those that are sent to, on the `bind` line:\ntcp-ut 30s";

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
      return explainUnnamed(view, symptom);
    case "upstream-missing":
      return explainMissing(view, symptom.isAll);
    case "upstream-failed":
      return explainUpstream(view, symptom);
    case "client-tls-failed":
      return explainClientTls(view);
    case "idle-end":
      return explainIdle(view, symptom.afterS);
    case "share-ends":
      return explainShare(view);
    case "cut-at-reload":
      return explainReload(view, symptom.afterS);
    case "room-ends":
      return explainRoom(view, symptom);
    case "slow-reader":
      return explainSlowReader(view, symptom);
    case "other-protocol":
    case "messages-held":
    case "heartbeat-ignored":
      // Nothing of a tunnel is held back or told apart: data in either direction keeps it.
      return null;
    case "dead-kept":
      return explainDead(idle(view), deadCure);
    case "h2-websocket":
      return explainH2(view, symptom);
    default:
      return assertNever(symptom);
  }
}

/** By the way that the config takes; where that comes to a server, by what the log says of it. */
function explainUpstream(
  view: ConfigView,
  { status, log }: Extract<Symptom, { kind: "upstream-failed" }>,
): Explanation | null {
  return view.route?.end.kind === "server" || status === null
    ? explainServerLog(view, causesOf(log), status)
    : explainAnswer(view, { kind: "answered-early", status, location: null, bodyStart: "", log });
}
