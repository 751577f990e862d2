/**
 * What explains a trouble of a WebSocket that is open, or of many at once: times, limits, slow readers; and of its upstream.
 */
import { explainH2 } from "./explain-h2.js";
import {
  explainDeadKept,
  explainHeldMessages,
  explainIdle,
  explainReload,
  explainSlowReader,
} from "./explain-lasting.js";
import { explainRoom, explainShare } from "./explain-room.js";
import {
  explainClientTls,
  explainFailure,
  explainMissing,
  explainUnnamed,
  explainUpstreamScheme,
  explainUpstreamTls,
} from "./explain-upstream.js";
import type { Explainers } from "./reading.js";

export const lastingExplainers: Explainers = {
  "client-tls-failed": explainClientTls,
  "upstream-missing": explainMissing,
  "upstream-failed": explainFailure,
  "upstream-scheme": explainUpstreamScheme,
  "upstream-tls-failed": explainUpstreamTls,
  "upstream-unnamed": explainUnnamed,
  "messages-held": explainHeldMessages,
  "slow-reader": explainSlowReader,
  "idle-end": explainIdle,
  "cut-at-reload": explainReload,
  "dead-kept": explainDeadKept,
  "share-ends": explainShare,
  "room-ends": explainRoom,
  "h2-websocket": explainH2,
};
