/**
 * Every check, in the order in which they are run.
 */
import type { Check } from "../probe-context.js";
import { checkEndpoint } from "./check-endpoint.js";
import { checkHandshake } from "./check-handshake.js";
import { checkHeaders } from "./check-headers.js";
import { checkPath } from "./check-path.js";
import { checkPlainRequest } from "./check-plain-request.js";

export const checks: readonly Check[] = [
  { doing: "connecting", run: checkEndpoint },
  { doing: "shaking hands", run: checkHandshake },
  { doing: "comparing headers", run: checkHeaders },
  { doing: "comparing the path", run: checkPath },
  { doing: "asking for a page", run: checkPlainRequest },
];
