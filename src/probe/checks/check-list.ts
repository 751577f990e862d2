/**
 * Every check, in the order in which they are run.
 */
import type { Check } from "../probe-context.js";
import { checkAccess } from "./check-access.js";
import { checkBuffering } from "./check-buffering.js";
import { checkCloses } from "./check-closes.js";
import { checkEndpoint } from "./check-endpoint.js";
import { checkExplainedIdle, checkExplainedReload } from "./check-explained-times.js";
import { checkForeign } from "./check-foreign.js";
import { checkForeignIdle } from "./check-foreign-idle.js";
import { checkHandshake } from "./check-handshake.js";
import { checkHeaders } from "./check-headers.js";
import { checkHeads } from "./check-heads.js";
import { checkIdle } from "./check-idle.js";
import { checkLimitReq } from "./check-limit-req.js";
import { checkLimits } from "./check-limits.js";
import { checkMessages } from "./check-messages.js";
import { checkOtherRoutes } from "./check-other-routes.js";
import { checkPath } from "./check-path.js";
import { checkPlainRequest } from "./check-plain-request.js";
import { checkReload } from "./check-reload.js";
import { checkSlowReaders } from "./check-slow-readers.js";
import { checkSmallMessages } from "./check-small-messages.js";
import { checkStickiness } from "./check-stickiness.js";
import { checkUpstream } from "./check-upstream.js";
import { checkUpstreamTls } from "./check-upstream-tls.js";

export const checks: readonly Check[] = [
  { doing: "connecting", run: checkEndpoint },
  { doing: "shaking hands", run: checkHandshake },
  { doing: "looking at TLS to the upstream", run: checkUpstreamTls },
  { doing: "reading who may connect", run: checkAccess },
  { doing: "comparing headers", run: checkHeaders },
  { doing: "comparing the path", run: checkPath },
  { doing: "reading the config for other routes", run: checkOtherRoutes },
  { doing: "asking for a page", run: checkPlainRequest },
  { doing: "looking for the upstream as written", run: checkUpstream },
  { doing: "reading the config for buffering", run: checkBuffering },
  { doing: "reading the config for limit_req", run: checkLimitReq },
  { doing: "reading the config for stickiness", run: checkStickiness },
  { doing: "growing the heads", run: checkHeads },
  { doing: "sending messages", run: checkMessages },
  { doing: "closing connections", run: checkCloses },
  { doing: "reading slowly", run: checkSlowReaders },
  { doing: "sending small messages", run: checkSmallMessages },
  { doing: "counting what fits", run: checkLimits },
  { doing: "staying quiet", run: checkIdle },
  { doing: "reloading", run: checkReload },
];

/** For a proxy whose driver explains what is seen. */
export const explainedChecks: readonly Check[] = [
  { doing: "connecting", run: checkEndpoint },
  { doing: "shaking hands", run: checkHandshake },
  { doing: "reading who may connect", run: checkAccess },
  { doing: "comparing headers", run: checkHeaders },
  { doing: "comparing the path", run: checkPath },
  { doing: "asking for a page", run: checkPlainRequest },
  { doing: "growing the heads", run: checkHeads },
  { doing: "sending messages", run: checkMessages },
  { doing: "closing connections", run: checkCloses },
  { doing: "reading slowly", run: checkSlowReaders },
  { doing: "reading the config", run: ({ config }) => config?.advise() ?? [] },
  { doing: "reading how long quiet ones stay", run: checkExplainedIdle },
  { doing: "reloading", run: checkExplainedReload },
];

/** For what is already running, whose other end is not ours. */
export const foreignChecks: readonly Check[] = [
  { doing: "connecting", run: checkEndpoint },
  { doing: "shaking hands", run: checkForeign },
  { doing: "staying quiet", run: checkForeignIdle },
];

/** The same through a config of the user's, whose upstream answers itself. */
export const asConfiguredChecks: readonly Check[] = [
  ...foreignChecks,
  { doing: "looking at TLS to the upstream", run: checkUpstreamTls },
  { doing: "looking for the upstream as written", run: checkUpstream },
  { doing: "reading the config for buffering", run: checkBuffering },
  { doing: "reading the config for limit_req", run: checkLimitReq },
];
