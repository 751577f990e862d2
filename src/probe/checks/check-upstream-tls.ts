/**
 * TLS between the proxy and its upstream: as it runs against a backend of ours, and as the upstream on this machine
 * speaks it.
 */

import { isIP } from "node:net";
import { dirname } from "node:path";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { quoteAt } from "../../diagnosis/quote.js";
import type { WrittenConfig, WrittenUpstream } from "../../diagnosis/written-config.js";
import { isConfigured } from "../../scenario/arm.js";
import { requestEvidence } from "../evidence.js";
import type { ProbeContext } from "../probe-context.js";
import { explained, explainedFault } from "./explained-fault.js";
import { lookAtTls, type SeenTls } from "./look-at-tls.js";

const id = "upstream-tls";
const upstreamsMost = 5;
/** Ports of this machine by their very address: they may be connected to. */
const loopback = /^(?:localhost|127\.[\d.]+|\[::1\]):\d+$/;

export async function checkUpstreamTls(context: ProbeContext): Promise<readonly Finding[]> {
  const { arm, config } = context;
  if (!isConfigured(arm) || config === null || config.upstreams.length === 0)
    return [notTested(id, "there is no config that says how the upstream is asked")];
  if (hasFailed(context)) return [failed(context)];
  const folder = dirname(arm.configFile);
  // A stranger's config is not to learn what listens on this machine.
  const near =
    arm.confinedTo === null ? config.upstreams.filter(({ address }) => loopback.test(address)) : [];
  const looks = await Promise.all(
    near.slice(0, upstreamsMost).map(async (upstream) => {
      const tls = upstream.tls ? config.upstreamTls : null;
      return { upstream, seen: await lookAtTls(upstream.address, { tls, folder }) };
    }),
  );
  for (const look of looks) {
    const found = judge(context, config, look);
    if (found !== null) return [found];
  }
  const seen = looks.map((look) => look.seen);
  if (config.upstreams.some(({ tls }) => tls)) return [ours(context, config, seen)];
  return seen.length > 0 && seen.every(({ speaks }) => speaks === "plain")
    ? [ok(id, ["neither the proxy nor its upstream speaks TLS between them"])]
    : [notTested(id, "the upstream is asked without TLS")];
}

/** By what the proxy logs of it, or by what our own end of it saw. */
function hasFailed({ opening, backend }: ProbeContext): boolean {
  const isLogged = opening.log.some(({ cause }) => cause === "upstream-tls");
  return isLogged || (opening.backend === null && (backend?.tlsFailures.length ?? 0) > 0);
}

function failed(context: ProbeContext): Finding {
  const { opening, backend } = context;
  const failures = (backend?.tlsFailures ?? []).slice(-1);
  return explainedFault(
    context,
    id,
    { kind: "upstream-tls-failed", log: opening.log, seen: null },
    {
      title: "the proxy gets no TLS connection to its upstream",
      evidence: [
        ...requestEvidence(opening, ["Upgrade"]),
        ...failures.map((words) => `backend saw: a failed TLS handshake (${words})`),
      ],
    },
  );
}

interface Look {
  readonly upstream: WrittenUpstream;
  readonly seen: SeenTls;
}

/** @returns null when the proxy gets on with what was seen */
function judge(
  context: ProbeContext,
  { upstreamTls }: WrittenConfig,
  { upstream: { address, tls, quote }, seen: { speaks, trouble, words } }: Look,
): Finding | null {
  const evidence = [`config: ${quoteAt(quote)}`, words];
  if (speaks === (tls ? "plain" : "tls")) {
    const asked = tls ? "tls" : "plain";
    const title = tls
      ? `the proxy speaks TLS to ${address}, which does not`
      : `the proxy speaks plain HTTP to ${address}, which speaks TLS`;
    return explainedFault(context, id, { kind: "upstream-scheme", asked, address }, { title, evidence });
  }
  if (!tls || upstreamTls === null || trouble === null) return null;
  const { verify, name: wanted, offersCertificate } = upstreamTls;
  const isFailed = trouble.why === "handshake";
  if (isFailed ? offersCertificate : verify === null) return null;
  const symptom = {
    kind: "upstream-tls-failed",
    log: [],
    seen: { address, wanted, ...trouble },
  } as const;
  return explainedFault(context, id, symptom, {
    title: isFailed
      ? `a TLS handshake with ${address} fails`
      : `the proxy would not trust the certificate of ${address}`,
    evidence: [
      ...new Set([...evidence, ...(isFailed || verify === null ? [] : [`config: ${quoteAt(verify)}`])]),
    ],
  });
}

/** What the backend of ours saw of it. */
function ours(context: ProbeContext, config: WrittenConfig, seen: readonly SeenTls[]): Finding {
  const { opening, backend } = context;
  const tls = opening.backend?.tls ?? null;
  const looks = seen.map(({ words }) => words);
  if (backend === null && opening.client.end !== null)
    return ok(id, ["the upgrade came back over it", ...looks]);
  if (tls === null) return notTested(id, "no TLS connection reached the backend");
  const verify = config.upstreamTls?.verify ?? null;
  const evidence = [
    `backend saw: ${tls.protocol ?? "TLS"}, ${tls.serverName === null ? "no server name (SNI)" : `server name ${tls.serverName}`}`,
    verify === null
      ? "config: the certificate is not checked: any is taken"
      : `config: ${quoteAt(verify)}; the run's own certificate passed`,
    ...looks,
  ];
  const name = nameOf(config);
  if (tls.serverName !== null || name === null) return ok(id, evidence);
  return warning(
    id,
    explained(
      context,
      { kind: "upstream-unnamed", name },
      {
        title: `${name} is not told which name the proxy wants to speak with`,
        evidence,
        otherwise: {
          cause:
            "an upstream that serves several names over TLS answers with another's certificate, or ends the handshake",
          cure: "the name, sent with the handshake (SNI)",
        },
      },
    ),
  );
}

/** Of a server in the world, which may have neighbours at its address; null for none. */
function nameOf({ upstreamTls, upstreams }: WrittenConfig): string | null {
  const [first] = upstreams.filter(({ tls }) => tls);
  const name = upstreamTls?.name || (first?.address.replace(/:\d+$/, "") ?? "");
  return name.includes(".") && isIP(name) === 0 && !name.startsWith("unix:") ? name : null;
}
