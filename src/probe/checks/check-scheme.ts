/**
 * `ws://` to a port that speaks TLS, and `wss://` to one that does not.
 */
import { type Finding, fault } from "../../diagnosis/finding.js";
import { hintWords } from "../../proxy/hints.js";
import { answerWords } from "../evidence.js";
import type { ProbeContext } from "../probe-context.js";
import { speaksTls } from "../raw-client.js";

const noTls = /WRONG_VERSION_NUMBER|wrong version number|packet length|UNKNOWN_PROTOCOL|HTTP_REQUEST/i;
const plainOnTls =
  /plain HTTP request was sent to HTTPS port|sent an HTTP request to an HTTPS server|client speaking HTTP/i;

/** @returns null when client and port speak alike, as far as can be told */
export async function checkScheme(context: ProbeContext): Promise<Finding | null> {
  if (!(await speaksOtherScheme(context))) return null;
  const { target, opening } = context;
  const evidence = [
    `client: ${target.tls ? "wss" : "ws"} to ${target.host}:${target.port}`,
    `came back: ${answerWords(opening.client.answer)}`,
  ];
  if (target.tls) {
    return fault("tls-scheme", {
      side: "client",
      title: "wss:// to a port that speaks no TLS",
      evidence,
      cause: "the port answers a TLS handshake with something else",
      cure: `use ws://, or TLS at this port, with a certificate (${hintWords("tls")})`,
    });
  }
  return fault("tls-scheme", {
    side: "client",
    title: "ws:// to a port that speaks TLS",
    evidence,
    cause: "the port expects a TLS handshake",
    cure: "use wss://",
  });
}

export async function speaksOtherScheme({ target, opening, arm }: ProbeContext): Promise<boolean> {
  const { answer } = opening.client;
  if (target.tls) return answer.kind === "tls-failed" && noTls.test(`${answer.code} ${answer.words}`);
  if (answer.kind === "answered") return answer.status === 400 && plainOnTls.test(answer.bodyStart);
  // Most TLS servers say nothing to plain HTTP that a client could read; whether they speak TLS is asked then.
  const isMute = answer.kind === "eof" || answer.kind === "reset" || answer.kind === "not-http";
  return arm.kind === "url" && isMute && speaksTls(target);
}
