/**
 * What explains a trouble of the opening handshake: the request, its answer, and what is in their heads.
 */
import {
  explainChangedAnswer,
  explainHiddenRefusal,
  explainHttpVersion,
  explainLostAnswer,
  explainLostKey,
  explainRequestHead,
  explainResponseHead,
} from "./explain-answer-change.js";
import { explainClient, explainHeader, explainScheme } from "./explain-headers.js";
import { explainPath } from "./explain-path.js";
import { explainPlainUpgraded } from "./explain-plain-upgraded.js";
import { explainAnswer, explainOtherPass, explainUnanswered } from "./explain-route.js";
import { explainLostUpgrade } from "./explain-upgrade.js";
import type { Explainers } from "./reading.js";

export const openingExplainers: Explainers = {
  "answered-early": explainAnswer,
  unanswered: explainUnanswered,
  "other-protocol": explainOtherPass,
  "upgrade-lost": explainLostUpgrade,
  "http-version": explainHttpVersion,
  "answer-lost": explainLostAnswer,
  "answer-changed": explainChangedAnswer,
  "key-lost": explainLostKey,
  "path-changed": explainPath,
  "plain-upgraded": explainPlainUpgraded,
  "header-changed": explainHeader,
  "client-unknown": (reading, { forged }) => explainClient(reading, forged),
  "scheme-unknown": explainScheme,
  "request-head-refused": explainRequestHead,
  "response-head-refused": explainResponseHead,
  "refusal-hidden": explainHiddenRefusal,
};
