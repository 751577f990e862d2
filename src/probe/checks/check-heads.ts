/**
 * Heads as large as cookies and tokens make them, both ways; and whether a refusal of the backend comes back as such.
 */
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import type { BackendManners } from "../backend-exchange.js";
import { answerWords, loggedWords } from "../evidence.js";
import { plainManners } from "../probe-backend.js";
import type { Observation, ProbeContext } from "../probe-context.js";
import { upgradeText } from "../raw-client.js";
import { noPair } from "./check-messages.js";
import { explained } from "./explained-fault.js";
import { mayReadHttp } from "./may-read-http.js";

/** Two cookies, each within the 4,096 bytes that browsers take. */
const requestCookieBytes = 6144;
/** Fits one page, which is the least that proxies have by default. */
const responseCookieBytes = 3072;
/** Likewise. */
const subprotocolBytes = 3584;
const refusedWith = 403;

export async function checkHeads(context: ProbeContext): Promise<readonly Finding[]> {
  const { opening, backend, arm } = context;
  const ids = ["request-head", "response-head", "refusal"] as const;
  if (opening.client.end === null || backend === null) return ids.map((id) => notTested(id, noPair(context)));
  if (!mayReadHttp(arm)) return ids.map((id) => notTested(id, "no HTTP proxy stands between"));
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
  const symptom = { kind: "request-head-refused", bytes: seen.client.sent.length } as const;
  const title = "clients with two full cookies are turned away";
  return warning("request-head", explained(context, symptom, { title, evidence }));
}

async function responseHead(context: ProbeContext): Promise<Finding> {
  const value = `wsrally=${"x".repeat(responseCookieBytes)}`;
  const seen = await withManners(context, { fields: [{ name: "Set-Cookie", value }] });
  const evidence = headEvidence(
    seen,
    `a 101 with a cookie of ${responseCookieBytes.toLocaleString("en")} bytes`,
  );
  if (seen.client.end !== null) return largeSubprotocol(context, evidence);
  const title = "a backend that sets a large cookie with its 101 gets its WebSocket refused";
  return headRefused(context, seen, { title, evidence, bytes: responseCookieBytes });
}

/** Some carry a token in it, as Kubernetes does, and the backend repeats what it chose. */
async function largeSubprotocol(context: ProbeContext, cookieEvidence: readonly string[]): Promise<Finding> {
  const name = `wsrally.${"x".repeat(subprotocolBytes - "wsrally.".length)}`;
  const seen = await withManners(context, {}, { "Sec-WebSocket-Protocol": name });
  const evidence = headEvidence(
    seen,
    `a 101 with the subprotocol that was offered, of ${name.length.toLocaleString("en")} bytes`,
  );
  if (seen.client.end !== null) return ok("response-head", [...cookieEvidence, ...evidence]);
  const title = "a client that carries a token in its subprotocol gets its WebSocket refused";
  return headRefused(context, seen, { title, evidence, bytes: subprotocolBytes });
}

function headEvidence({ client, log }: Observation, sent: string): string[] {
  return [
    `backend sent: ${sent}`,
    `came back: ${answerWords(client.answer)}`,
    ...log.slice(0, 1).map(loggedWords),
  ];
}

interface RefusedHead {
  readonly title: string;
  readonly evidence: readonly string[];
  readonly bytes: number;
}

function headRefused(
  context: ProbeContext,
  { log }: Observation,
  { title, evidence, bytes }: RefusedHead,
): Finding {
  const symptom = { kind: "response-head-refused", bytes, log } as const;
  const otherwise = {
    cause: "a head of that size does not come back",
    cure: "a larger buffer for the backend's answer",
  };
  return warning("response-head", explained(context, symptom, { title, evidence, otherwise }));
}

async function refusal(context: ProbeContext): Promise<Finding> {
  const seen = await withManners(context, { refusesWith: refusedWith });
  const { answer } = seen.client;
  const evidence = [`backend sent: HTTP/1.1 ${refusedWith} Forbidden`, `came back: ${answerWords(answer)}`];
  const arrived = answer.kind === "answered" ? answer.status : null;
  if (arrived === refusedWith) return ok("refusal", evidence);
  const symptom = { kind: "refusal-hidden", sent: refusedWith, arrived } as const;
  const title = "a refusal of the backend reaches the client as something else";
  return warning("refusal", explained(context, symptom, { title, evidence }));
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
