/**
 * What decides who may connect: passwords, address lists, a service that is asked.
 */

import { type Finding, notTested, ok } from "../../diagnosis/finding.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";

const names = ["auth_request", "auth_basic", "auth_jwt", "allow", "deny", "ssl_verify_client"];

export function checkAccess({ view, arm, refused, opening }: ProbeContext): readonly Finding[] {
  if (!isNginx(arm) || view === null) return [notTested("access", "there is no config to read")];
  if (refused !== null || opening.backend === null) return [notTested("access", "see route")];
  const found = names.flatMap((name) => view.effective(name)).filter(({ args }) => args[0] !== "off");
  if (found.length === 0) return [ok("access")];
  const [asks] = found.filter(({ name }) => name === "auth_request");
  if (asks !== undefined) {
    const why = `\`auth_request ${asks.args.join(" ")}\` at ${placeOf(asks.origin)}: the service that it asks is not here, and was taken to let everybody in`;
    return [notTested("access", why)];
  }
  return [
    ok(
      "access",
      found.map((node) => `config: \`${[node.name, ...node.args].join(" ")}\` at ${placeOf(node.origin)}`),
    ),
  ];
}
