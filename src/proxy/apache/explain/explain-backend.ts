/**
 * Why Apache and a backend did not come together, by what its log tells and how the backend is written.
 */
import type { Log } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { quoteOf, written } from "../language/config-tree.js";
import type { Member } from "../route/proxy-passes.js";
import { isTls } from "../route/target.js";
import { type ConfigView, effectiveLine, knowsUpgrade, loadedModules, passedOf } from "./config-view.js";
import { idleTimes } from "./facts.js";

/** @param status that the client got, null for none; null where nothing tells */
export function explainBackend(view: ConfigView, log: Log, status: number | null): Explanation | null {
  const passed = passedOf(view);
  if (passed === null) return null;
  const [member] = passed.members;
  const by = passed.by;
  if (member === undefined)
    return {
      cause: `${written(by)} names a balancer that has no BalancerMember`,
      cure: `<Proxy balancer://${passed.target.address}>\nBalancerMember http://ADDRESS:PORT upgrade=websocket\n</Proxy>`,
      quotes: [quoteOf(by)],
    };
  const causes = log.flatMap(({ cause }) => (cause === null ? [] : [cause]));
  const lines = log.map(({ line }) => line).join("\n");
  const missing = missingModule(view, member, lines);
  if (missing !== null) return missing;
  if (/AH0?1961|AH00961/.test(lines) || (isTls(member.target.scheme) && !isEngineOn(view)))
    return {
      cause: `${written(member.node)} is asked over TLS, and \`SSLProxyEngine\` is off in its server, as it is by default: 500`,
      cure: "in the virtual host:\nSSLProxyEngine On",
      quotes: [quoteOf(member.node)],
    };
  const at = written(member.node);
  const quotes = [quoteOf(member.node)];
  if (/^(?:ajp|fcgi|scgi|uwsgi)$/.test(member.target.scheme))
    return {
      cause: `${at}: ${member.target.scheme} has no way to carry a WebSocket`,
      cure: `the server's HTTP port for the WebSocket's path, before it:\nProxyPass /ws http://ADDRESS:PORT/ws upgrade=websocket`,
      quotes,
    };
  if (causes.includes("upstream-tls"))
    return {
      cause: `the TLS handshake with ${at} fails: it speaks none there, or shows a certificate that Apache does not take`,
      cure: "ws:// or http:// for a plain backend; the authority that signed its certificate:\nSSLProxyCACertificateFile FILE",
      quotes,
    };
  if (causes.includes("name-not-found"))
    return {
      cause: `the name in ${at} is not known where Apache runs: it starts all the same, and answers 500 or 502`,
      cure: "a name that resolves, or an address",
      quotes,
    };
  if (causes.includes("upstream-refused"))
    return {
      cause: `nobody listens where ${at} points; after that Apache does not try again for \`retry\` seconds (60), and answers 503 at once`,
      cure: "start the backend, or correct address and port; tried again at once:\nretry=0",
      quotes,
    };
  if (causes.includes("no-live-upstreams"))
    return {
      cause: `every member that ${written(by)} has is in error: for \`retry\` seconds (60) none is tried again`,
      cure: "start the backend; tried again at once:\nretry=0",
      quotes: [quoteOf(by)],
    };
  if (causes.includes("upstream-timeout") || status === 504) {
    const [client, own] = idleTimes(view);
    const time = own ?? client;
    return {
      cause: `${at} does not answer within ${time.seconds} s`,
      cure: "see the backend's log; the time counts until the 101",
      quotes,
    };
  }
  if (causes.includes("upstream-closed") || causes.includes("upstream-answer"))
    return {
      cause: `what answers at ${at} ends without an answer that Apache understands: a TLS port asked plainly, perhaps`,
      cure: "where the backend speaks TLS, wss:// or https://, and:\nSSLProxyEngine On",
      quotes,
    };
  return null;
}

export function isEngineOn(view: ConfigView): boolean {
  return /^on$/i.test(effectiveLine(view, "sslproxyengine")?.args[0] ?? "off");
}

/** "No protocol handler was valid for the URL": the module for the scheme is not loaded. */
function missingModule(view: ConfigView, { node, target }: Member, lines: string): Explanation | null {
  const wanted = moduleFor(view, target.scheme);
  const isTold = /AH01144/.test(lines);
  const loaded = loadedModules(view);
  const isMissing = !view.isPart && wanted.length > 0 && !wanted.some((name) => loaded.has(name));
  if (!isMissing && !isTold) return null;
  const [name = "proxy_http"] = wanted;
  return {
    cause: `${written(node)}: no module for ${target.scheme}:// is loaded, and Apache answers 500 (AH01144)`,
    cure: `\`a2enmod ${name}\`, or:\nLoadModule ${name}_module modules/mod_${name}.so`,
    quotes: [quoteOf(node)],
  };
}

function moduleFor(view: ConfigView, scheme: string): readonly string[] {
  if (/^https?$/.test(scheme)) return ["proxy_http"];
  if (/^wss?$/.test(scheme))
    return knowsUpgrade(view) ? ["proxy_http", "proxy_wstunnel"] : ["proxy_wstunnel"];
  return /^(?:ajp|fcgi|scgi|uwsgi)$/.test(scheme) ? [`proxy_${scheme}`] : [];
}

/** Upstreams as written at which nobody was found, from this machine. */
export function explainMissing(view: ConfigView, isAll: boolean): Explanation | null {
  const members = passedOf(view)?.members ?? [];
  const [member] = members;
  if (member === undefined) return null;
  const cure =
    "start the backend, or correct address and port; no matter if the config is for another machine or network";
  return {
    cause: isAll
      ? `nothing listens where ${written(member.node)} points, or its name is not known here; Apache would answer 503, or 500`
      : "such a member is tried, found to be in error, and left alone for `retry` seconds (60)",
    cure,
    quotes: members.map(({ node }) => quoteOf(node)),
  };
}
