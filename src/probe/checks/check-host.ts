/**
 * Host, and X-Forwarded-Host where it is set, against the Origin of the page: backends that compare them answer 403.
 */
import { type Finding, ok, warning } from "../../diagnosis/finding.js";
import { type ConfigView, viewsBehind } from "../../proxy/nginx/explain/config-view.js";
import { requestEvidence } from "../evidence.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";
import { received, setAt } from "./header-words.js";

const compares =
  "a backend that compares Origin with Host, as Go's gorilla/websocket does by default, answers 403 to browsers";

export function checkHost(context: ProbeContext): Finding {
  const { target, opening, backend, arm } = context;
  const host = received(context, "Host");
  const evidence = requestEvidence(opening, ["Host", "Origin"]).slice(0, 2);
  if (isSame(context, host, target.hostHeader)) return checkForwardedHost(context);
  const view = viewThatSets(context);
  const cause =
    setAt(view, "host") ??
    (isNginx(arm)
      ? "without a proxy_set_header Host nginx sends proxy_pass's own name ($proxy_host)"
      : "something between sets it");
  const cure = `${view?.whereHeaders ?? "in the proxy"}:\nproxy_set_header Host $http_host;`;
  if (view !== null && host !== null && target.hostHeader.replace(/:\d+$/, "") === host) {
    const { writtenAt } = target;
    // On the scheme's own port there is none to lose; the one that is sent here is the run's.
    if (writtenAt === null) return ok("header-host", [`the port is left out, by ${cause}`]);
    return warning("header-host", {
      side: "proxy",
      title: `Host arrives without the port of listen ${writtenAt}`,
      evidence,
      cause: `${cause}: $host has no port, and browsers that come to port ${writtenAt} write it into Origin; ${compares}`,
      cure,
    });
  }
  // Another address stands in proxy_pass here than in the file.
  const ports = [backend?.address.port, backend?.address.overTls?.port];
  const isOurs = host !== null && ports.some((port) => host === `127.0.0.1:${port}`);
  return warning("header-host", {
    side: "proxy",
    title: isOurs ? "Host arrives as the address in proxy_pass" : `Host arrives as ${host ?? "nothing"}`,
    evidence,
    cause: `${cause}; ${compares}`,
    cure,
  });
}

/** Where it is set, frameworks take it for the name that the client asked for. */
function checkForwardedHost(context: ProbeContext): Finding {
  const { target, opening } = context;
  const forwarded = received(context, "X-Forwarded-Host");
  const wanted = target.origin.replace(/^\w+:\/\//, "");
  if (forwarded === null || isSame(context, forwarded, wanted)) return ok("header-host");
  const view = viewThatSets(context);
  const isPortless = forwarded === wanted.replace(/:\d+$/, "");
  const port = received(context, "X-Forwarded-Port");
  if (isPortless && (target.writtenAt === null || port === String(target.writtenAt)))
    return ok("header-host");
  return warning("header-host", {
    side: "proxy",
    title: `X-Forwarded-Host arrives as ${forwarded}, and Origin names ${wanted}`,
    evidence: requestEvidence(opening, ["Host", "X-Forwarded-Host", "Origin"]).slice(0, 2),
    cause: `${setAt(view, "x-forwarded-host") ?? "something between sets it"}; frameworks that trust it (Spring, ASP.NET, Rails' host) compare Origin with it, and refuse browsers`,
    cure: `${view?.whereHeaders ?? "in the proxy"}:\nproxy_set_header X-Forwarded-Host $http_host;`,
  });
}

/** `$server_port` is the run's own port here, and the written one at home. */
function isSame({ target }: ProbeContext, arrived: string | null, wanted: string): boolean {
  if (arrived === wanted) return true;
  const { writtenAt, port } = target;
  const usual = target.tls ? 443 : 80;
  return arrived === `${wanted.replace(/:\d+$/, "")}:${port}` && wanted.endsWith(`:${writtenAt ?? usual}`);
}

/** Of the servers on the way the last: what it sets is what arrives. */
function viewThatSets({ view, target }: ProbeContext): ConfigView | null {
  return view === null ? null : (viewsBehind(view, target.path).at(-1) ?? view);
}
