/**
 * TLS between the proxy and its upstream: as it runs against a backend of ours, and as the upstream on this machine
 * speaks it.
 */

import { isIP } from "node:net";
import { dirname } from "node:path";
import { type Finding, fault, notTested, ok, warning } from "../../diagnosis/finding.js";
import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { explainUpstreamError } from "../../proxy/nginx/explain/explain-upstream-error.js";
import { asksOverTls, loopbackUpstreams } from "../../proxy/nginx/explain/written-upstreams.js";
import { type Directive, placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { requestEvidence } from "../evidence.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";
import { judgeSeenTls, lookAtTls, type SeenTls } from "./look-at-tls.js";

const id = "upstream-tls";
const upstreamsMost = 5;

export async function checkUpstreamTls(context: ProbeContext): Promise<readonly Finding[]> {
  const { arm, view, opening } = context;
  const [pass] = view?.effective("proxy_pass") ?? [];
  if (!isNginx(arm) || arm.configFile === null || view === null || pass === undefined)
    return [notTested(id, "there is no config that says how the upstream is asked")];
  const failure = explainUpstreamError(opening.log, view);
  if (failure !== null && opening.log.some(({ cause }) => cause === "upstream-tls")) {
    return [
      fault(id, {
        side: "proxy",
        title: "the proxy gets no TLS connection to its upstream",
        evidence: [...requestEvidence(opening, ["Upgrade"]), ...backendWords(context)],
        ...failure,
      }),
    ];
  }
  const isTls = asksOverTls(view);
  const written = { view, folder: dirname(arm.configFile) };
  const seen = await Promise.all(
    // A stranger's config is not to learn what listens on this machine.
    (arm.confinedTo ? [] : loopbackUpstreams(view))
      .slice(0, upstreamsMost)
      .map((address) => lookAtTls(address, written)),
  );
  for (const one of seen) {
    const trouble = judgeSeenTls(one, { isTls, pass, view });
    if (trouble !== null) return [fault(id, trouble)];
  }
  if (!isTls) {
    return seen.length > 0 && seen.every(({ speaks }) => speaks === "plain")
      ? [ok(id, ["neither the proxy nor its upstream speaks TLS between them"])]
      : [notTested(id, "proxy_pass speaks no TLS")];
  }
  return [ours(context, { pass, view, seen })];
}

interface Pass {
  readonly pass: Directive;
  readonly view: ConfigView;
  readonly seen: readonly SeenTls[];
}

/** What the backend of ours saw of it. */
function ours({ opening, backend }: ProbeContext, { pass, view, seen }: Pass): Finding {
  const tls = opening.backend?.tls ?? null;
  if (backend === null && opening.client.end !== null) {
    return ok(id, ["the upgrade came back over it", ...seen.map(({ words }) => words)]);
  }
  if (tls === null) return notTested(id, "no TLS connection reached the backend");
  const [verify] = view.effective("proxy_ssl_verify");
  const evidence = [
    `backend saw: ${tls.protocol ?? "TLS"}, ${tls.serverName === null ? "no server name (SNI)" : `server name ${tls.serverName}`}`,
    verify?.args[0] === "on"
      ? `config: \`proxy_ssl_verify on\` at ${placeOf(verify.origin)}; the run's own certificate passed`
      : "config: proxy_ssl_verify is off, nginx's default: any certificate is taken",
    ...seen.map(({ words }) => words),
  ];
  const host = /^https:\/\/([^/:?#]+)/i.exec(pass.args[0] ?? "")?.[1] ?? "";
  const isName = host.includes(".") && isIP(host) === 0 && !host.includes("$");
  if (tls.serverName !== null || !isName) return ok(id, evidence);
  return warning(id, {
    side: "proxy",
    title: `${host} is not told which name nginx wants to speak with`,
    evidence,
    cause:
      "proxy_ssl_server_name is off unless set: an upstream that serves several names over TLS answers with another's certificate, or ends the handshake (502)",
    cure: `in ${view.where}:\nproxy_ssl_server_name on;`,
  });
}

function backendWords({ backend }: ProbeContext): string[] {
  return (backend?.tlsFailures ?? [])
    .slice(-1)
    .map((words) => `backend saw: a failed TLS handshake (${words})`);
}
