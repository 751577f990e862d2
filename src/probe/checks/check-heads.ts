/**
 * Heads as large as cookies and tokens make them, both ways; and whether a refusal of the backend comes back as such.
 */

import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { explainUpstreamError } from "../../proxy/nginx/explain/explain-upstream-error.js";
import { type Directive, placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { answerWords, loggedWords } from "../evidence.js";
import { isNginx } from "../is-nginx.js";
import { type BackendManners, plainManners } from "../probe-backend.js";
import type { Observation, ProbeContext } from "../probe-context.js";
import { upgradeText } from "../raw-client.js";
import { noPair } from "./check-messages.js";

/** Two cookies, each within the 4,096 bytes that browsers take. */
const requestCookieBytes = 6144;
/** Fits nginx's default of one page. */
const responseCookieBytes = 3072;
/** Likewise. */
const subprotocolBytes = 3584;
const refusedWith = 403;

export async function checkHeads(context: ProbeContext): Promise<readonly Finding[]> {
  const { opening, backend, arm } = context;
  const ids = ["request-head", "response-head", "refusal"] as const;
  if (opening.client.end === null || backend === null) return ids.map((id) => notTested(id, noPair(context)));
  if (!isNginx(arm)) return ids.map((id) => notTested(id, "no HTTP proxy stands between"));
  return [await requestHead(context), await responseHead(context), await refusal(context)];
}

async function requestHead(context: ProbeContext): Promise<Finding> {
  const value = "x".repeat(requestCookieBytes / 2 - 3);
  const seen = await context.observe(upgradeText(context.target, { Cookie: `a=${value}; b=${value}` }));
  seen.client.end?.destroy();
  const evidence = [
    `client sent: ${requestCookieBytes.toLocaleString("en")} bytes of cookies`,
    `came back: ${answerWords(seen.client.answer)}`,
  ];
  if (seen.client.end !== null) return ok("request-head", evidence);
  return warning("request-head", {
    side: "proxy",
    title: "clients with two full cookies are turned away",
    evidence,
    cause: `a header line has to fit one of ${words(context.view, "large_client_header_buffers", "large_client_header_buffers (4 of 8k unless set)")}; browsers send cookies of up to 4 KiB each`,
    cure: "in the first server of the port, or in http:\nlarge_client_header_buffers 4 16k;",
  });
}

async function responseHead(context: ProbeContext): Promise<Finding> {
  const value = `wsrally=${"x".repeat(responseCookieBytes)}`;
  const seen = await withManners(context, { fields: [{ name: "Set-Cookie", value }] });
  const evidence = [
    `backend sent: a 101 with a cookie of ${responseCookieBytes.toLocaleString("en")} bytes`,
    `came back: ${answerWords(seen.client.answer)}`,
    ...seen.log.slice(0, 1).map(loggedWords),
  ];
  if (seen.client.end !== null) return largeSubprotocol(context, evidence);
  const explanation = explainUpstreamError(seen.log, context.view)?.explanation;
  return warning("response-head", {
    side: "proxy",
    title: "a backend that sets a large cookie with its 101 gets its WebSocket refused",
    evidence,
    cause: explanation?.cause ?? "the backend's response head does not fit the proxy's buffer",
    cure: explanation?.cure ?? "in the location:\nproxy_buffer_size 16k;",
  });
}

/** Some carry a token in it, as Kubernetes does, and the backend repeats what it chose. */
async function largeSubprotocol(context: ProbeContext, cookieEvidence: readonly string[]): Promise<Finding> {
  const name = `wsrally.${"x".repeat(subprotocolBytes - "wsrally.".length)}`;
  const seen = await withManners(context, {}, { "Sec-WebSocket-Protocol": name });
  const evidence = [
    `backend sent: a 101 with the subprotocol that was offered, of ${name.length.toLocaleString("en")} bytes`,
    `came back: ${answerWords(seen.client.answer)}`,
    ...seen.log.slice(0, 1).map(loggedWords),
  ];
  if (seen.client.end !== null) return ok("response-head", [...cookieEvidence, ...evidence]);
  const explanation = explainUpstreamError(seen.log, context.view)?.explanation;
  return warning("response-head", {
    side: "proxy",
    title: "a client that carries a token in its subprotocol gets its WebSocket refused",
    evidence,
    cause: explanation?.cause ?? "a subprotocol of that size does not come back",
    cure: explanation?.cure ?? "in the location:\nproxy_buffer_size 16k;",
  });
}

async function refusal(context: ProbeContext): Promise<Finding> {
  const { view } = context;
  const seen = await withManners(context, { refusesWith: refusedWith });
  const { answer } = seen.client;
  const evidence = [`backend sent: HTTP/1.1 ${refusedWith} Forbidden`, `came back: ${answerWords(answer)}`];
  if (answer.kind === "answered" && answer.status === refusedWith) return ok("refusal", evidence);
  return warning("refusal", {
    side: "proxy",
    title: "a refusal of the backend reaches the client as something else",
    evidence,
    cause: `${words(view, "proxy_intercept_errors", "the proxy")} with ${words(view, "error_page", "a page of its own")}: whoever looks for why a WebSocket does not connect is led astray`,
    cure: `in ${view?.where ?? "the proxy"}:\nproxy_intercept_errors off;`,
  });
}

async function withManners(
  { backend, observe, target }: ProbeContext,
  manners: Partial<BackendManners>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Observation> {
  if (backend !== null) backend.manners = { ...plainManners, ...manners };
  const seen = await observe(upgradeText(target, headers));
  if (backend !== null) backend.manners = plainManners;
  seen.client.end?.destroy();
  return seen;
}

function words(view: ConfigView | null, name: string, otherwise: string): string {
  const [found]: readonly Directive[] = view?.effective(name) ?? [];
  return found === undefined
    ? otherwise
    : `\`${[name, ...found.args].join(" ")}\` at ${placeOf(found.origin)}`;
}
