/**
 * Whether a plain request, such as a browser's for a page, stays one.
 */
import { type Finding, notTested, ok } from "../../diagnosis/finding.js";
import { listHolds } from "../../websocket/header-fields.js";
import { requestEvidence } from "../evidence.js";
import type { ProbeContext } from "../probe-context.js";
import { requestText } from "../raw-client.js";
import { explainedFault } from "./explained-fault.js";
import { mayReadHttp } from "./may-read-http.js";

const id = "upgrade-hard-coded";

export async function checkPlainRequest(context: ProbeContext): Promise<readonly Finding[]> {
  const { target, arm } = context;
  if (!mayReadHttp(arm)) return [notTested(id, "no HTTP proxy stands between")];
  const text = requestText(target.path, {
    Host: target.hostHeader,
    Accept: "text/html",
    Connection: "keep-alive",
    ...target.headers,
  });
  const seen = await context.observe(text);
  seen.client.end?.destroy();
  const fields = seen.backend?.request?.fields;
  if (fields === undefined) return [notTested(id, "the plain request did not reach the backend")];
  if (!listHolds(fields, "Upgrade", "websocket")) return [ok(id)];
  return [
    explainedFault(
      context,
      id,
      { kind: "plain-upgraded" },
      {
        title: "a plain request arrives as an upgrade",
        evidence: requestEvidence(seen, ["Upgrade", "Connection"]),
      },
    ),
  ];
}
