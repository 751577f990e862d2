/**
 * Every check, in the order in which they are run.
 */
import type { Check } from "../probe-context.js";
import { checkAccess } from "./check-access.js";
import { checkCloses } from "./check-closes.js";
import { checkEndpoint } from "./check-endpoint.js";
import { checkForeign } from "./check-foreign.js";
import { checkForeignIdle } from "./check-foreign-idle.js";
import { checkH2 } from "./check-h2.js";
import { checkHandshake } from "./check-handshake.js";
import { checkHeaders } from "./check-headers.js";
import { checkHeads } from "./check-heads.js";
import { checkIdle } from "./check-idle.js";
import { checkLimits } from "./check-limits.js";
import { checkMessages } from "./check-messages.js";
import { checkPath } from "./check-path.js";
import { checkPlainRequest } from "./check-plain-request.js";
import { checkReload } from "./check-reload.js";
import { checkServer } from "./check-server.js";
import { checkSlowReaders } from "./check-slow-readers.js";
import { checkSmallMessages } from "./check-small-messages.js";
import { checkUpstream } from "./check-upstream.js";
import { checkUpstreamTls } from "./check-upstream-tls.js";

/** What the config tells, whatever is seen. */
const configChecks: readonly Check[] = [
  { doing: "reading the config", run: ({ config }) => config?.advise() ?? [] },
  { doing: "looking at TLS to the upstream", run: checkUpstreamTls },
  { doing: "looking for the upstream as written", run: checkUpstream },
];

/** Of WebSockets that are open. */
const openChecks: readonly Check[] = [
  { doing: "sending messages", run: checkMessages },
  { doing: "closing connections", run: checkCloses },
  { doing: "reading slowly", run: checkSlowReaders },
  { doing: "sending small messages", run: checkSmallMessages },
  { doing: "asking over HTTP/2", run: checkH2 },
  { doing: "counting what fits", run: checkLimits },
  { doing: "staying quiet", isLeftOut: ({ idle }) => !idle, run: checkIdle },
  { doing: "reloading", isLeftOut: ({ quick }) => quick, run: checkReload },
];

/** For an arm whose both ends are ours. */
export const checks: readonly Check[] = [
  { doing: "connecting", run: checkEndpoint },
  ...configChecks,
  { doing: "shaking hands", run: checkHandshake },
  { doing: "reading who may connect", run: checkAccess },
  { doing: "comparing headers", run: checkHeaders },
  { doing: "comparing the path", run: checkPath },
  { doing: "asking for a page", run: checkPlainRequest },
  { doing: "growing the heads", run: checkHeads },
  ...openChecks,
];

/** For a proxy that somebody else runs with our backend behind it: nothing that would keep others out, and no config to read. */
export const behindChecks: readonly Check[] = [
  { doing: "connecting", run: checkEndpoint },
  { doing: "looking who answers", run: checkServer },
  { doing: "shaking hands", run: checkHandshake },
  { doing: "comparing headers", run: checkHeaders },
  { doing: "comparing the path", run: checkPath },
  { doing: "asking for a page", run: checkPlainRequest },
  { doing: "growing the heads", run: checkHeads },
  { doing: "asking over HTTP/2", run: checkH2 },
  { doing: "sending messages", run: checkMessages },
  { doing: "closing connections", run: checkCloses },
  { doing: "reading slowly", run: checkSlowReaders },
  { doing: "sending small messages", run: checkSmallMessages },
  { doing: "staying quiet", run: checkForeignIdle },
];

/** For what is already running, whose other end is not ours. */
export const foreignChecks: readonly Check[] = [
  { doing: "connecting", run: checkEndpoint },
  { doing: "looking who answers", run: checkServer },
  { doing: "shaking hands", run: checkForeign },
  { doing: "asking over HTTP/2", run: checkH2 },
  { doing: "staying quiet", run: checkForeignIdle },
];

/** The same through a config of the user's, whose upstream answers itself. */
export const asConfiguredChecks: readonly Check[] = [...foreignChecks, ...configChecks];
