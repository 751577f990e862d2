/**
 * Whether HTTP/3 is announced, by the Alt-Svc header of what was answered already (RFC 7838, RFC 9114, 3.1): over it
 * WebSockets come by RFC 9220, which few use. Nothing is asked over QUIC.
 */
import { type Finding, note, notTested, ok } from "../../diagnosis/finding.js";
import { type HeaderField, valuesOf } from "../../websocket/header-fields.js";
import type { H2Answer } from "../h2-answer.js";
import type { ProbeContext } from "../probe-context.js";

const h3 = /(?:^|[\s,;])h3(?:-\d+)?=/i;

/** @param page what a plain request over HTTP/2 was answered with; null for none */
export function checkH3({ target, opening }: ProbeContext, page: H2Answer | null): Finding {
  if (!target.tls)
    return notTested("h3-announced", "the arm speaks no TLS, without which there is no HTTP/3");
  const { answer } = opening.client;
  const services = [answer, page].flatMap((one) => (one?.kind === "answered" ? altServices(one.fields) : []));
  const service = services.find((value) => h3.test(value));
  if (service === undefined) return ok("h3-announced", ["no answer had Alt-Svc: h3"]);
  return note("h3-announced", {
    title: "HTTP/3 is announced: browsers will fetch pages over it",
    evidence: [`came back: Alt-Svc: ${service}`],
    cause:
      "WebSockets stay on TCP all the same: browsers open none over HTTP/3 (RFC 9220) unless they are set to, and few proxies take one; the probe does not ask over QUIC",
  });
}

function altServices(fields: readonly HeaderField[]): readonly string[] {
  return valuesOf(fields, "Alt-Svc");
}
