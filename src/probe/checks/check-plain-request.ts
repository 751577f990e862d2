/**
 * Whether a plain request, such as a browser's for a page, stays one. A location that hard-codes Upgrade turns every
 * request into an upgrade, which does WebSockets no harm and pages a lot.
 */

import { type Finding, fault, notTested, ok, warning } from "../../diagnosis/finding.js";
import { headerNamed } from "../../proxy/nginx/explain/explain-upgrade.js";
import { type Directive, placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { locationMatch } from "../../proxy/nginx/route/select-location.js";
import { listHolds } from "../../websocket/header-fields.js";
import { requestEvidence } from "../evidence.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";
import { requestText } from "../raw-client.js";

export async function checkPlainRequest(context: ProbeContext): Promise<readonly Finding[]> {
  const { target, view, arm } = context;
  if (!isNginx(arm)) return [notTested("upgrade-hard-coded", "no HTTP proxy stands between")];
  const text = requestText(target.path, {
    Host: target.hostHeader,
    Accept: "text/html",
    Connection: "keep-alive",
    ...target.headers,
  });
  const seen = await context.observe(text);
  seen.client.end?.destroy();
  const fields = seen.backend?.request?.fields;
  if (fields === undefined)
    return [notTested("upgrade-hard-coded", "the plain request did not reach the backend")];
  if (!listHolds(fields, "Upgrade", "websocket")) return [ok("upgrade-hard-coded")];
  const set = headerNamed(view?.effective("proxy_set_header") ?? [], "upgrade");
  const isCatchAll = takesAnyPath(view?.locations.at(-1));
  const trouble = {
    side: "proxy",
    title: "a plain request arrives as an upgrade",
    evidence: requestEvidence(seen, ["Upgrade", "Connection"]),
    cause:
      `${set === undefined ? "Upgrade is set" : `\`proxy_set_header ${set.args.join(" ")}\` at ${placeOf(set.origin)} is set`} ` +
      `whatever the client asks; WebSockets work, ${isCatchAll ? "pages below the same location break" : "a page below this path would not"}`,
    cure:
      "the first in http, the others in place of these lines:\n" +
      "map $http_upgrade $connection_upgrade { default upgrade; '' close; }\n" +
      "proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;",
  } as const;
  return [isCatchAll ? fault("upgrade-hard-coded", trouble) : warning("upgrade-hard-coded", trouble)];
}

function takesAnyPath(location: Directive | undefined): boolean {
  if (location === undefined) return false;
  const { kind, text } = locationMatch(location);
  return (kind === "prefix" && text === "/") || (kind === "pattern" && /^\^?\/$/.test(text));
}
