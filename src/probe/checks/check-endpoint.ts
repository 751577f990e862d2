/**
 * Before any HTTP: is somebody there, is TLS spoken on both sides of the wire or on neither, is the certificate good.
 */

import { type Finding, fault, notTested, ok } from "../../diagnosis/finding.js";
import type { Answer } from "../answer.js";
import type { ProbeContext } from "../probe-context.js";
import { checkScheme } from "./check-scheme.js";
import { explained } from "./explained-fault.js";
import { lookAtCertificates } from "./look-at-certificates.js";

export async function checkEndpoint(context: ProbeContext): Promise<readonly Finding[]> {
  const { answer } = context.opening.client;
  const scheme = await checkScheme(context);
  const reached = answer.kind !== "connect-failed";
  return [
    reached ? ok("unreachable") : unreachable(context, answer.words),
    scheme ?? (reached ? ok("tls-scheme") : notTested("tls-scheme", "no connection")),
    certificate(context, answer, scheme !== null),
  ];
}

function unreachable({ target, arm }: ProbeContext, words: string): Finding {
  const where = `${target.host}:${target.port}`;
  return fault("unreachable", {
    side: arm.kind === "url" ? "unknown" : "proxy",
    title: `no connection to ${where}`,
    evidence: [`client: TCP connect to ${where}: ${words}`],
    cause: words.includes("ECONNREFUSED") ? "nobody listens on this port" : words,
    cure: "check the address and the port, and that the server runs",
  });
}

/** What most issuers call so. */
const wholeChain = "a certificate file with the whole chain in it (fullchain.pem), or --ca FILE";

const certificateCauses: Readonly<Record<string, { cause: string; cure: string }>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: {
    cause: "the certificate is for other names",
    cure: "a certificate whose subjectAltName has the name that clients use",
  },
  CERT_HAS_EXPIRED: { cause: "the certificate has expired", cure: "renew it, and reload the proxy" },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    cause: "the certificate signed itself",
    cure: "--ca FILE for the probe; for browsers a certificate from an authority they trust",
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    cause: "the chain ends at an authority that is not trusted here",
    cure: "--ca FILE for the probe; for browsers an authority they trust",
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    cause: "an intermediate certificate is missing, or its authority is not trusted here",
    cure: wholeChain,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    cause: "its authority is not trusted here, or an intermediate certificate is missing",
    cure: wholeChain,
  },
};

function certificate(context: ProbeContext, answer: Answer, wrongScheme: boolean): Finding {
  const { target } = context;
  if (!target.tls) return notTested("tls-certificate", "the arm speaks no TLS");
  if (answer.kind !== "tls-failed" || wrongScheme) {
    if (wrongScheme || answer.kind === "connect-failed")
      return notTested("tls-certificate", "no TLS connection");
    const written = lookAtCertificates(context);
    if (written !== null) return written;
    if (target.insecure) return notTested("tls-certificate", "--insecure takes any certificate");
    return ok("tls-certificate");
  }
  const known = certificateCauses[answer.code];
  const evidence = [`client: TLS handshake with ${target.host}:${target.port}`, `came back: ${answer.words}`];
  const side = context.arm.kind === "url" ? "unknown" : "proxy";
  if (known !== undefined)
    return fault("tls-certificate", {
      side,
      title: "clients cannot trust the certificate",
      evidence,
      ...known,
    });
  const trouble = explained(
    context,
    { kind: "client-tls-failed" },
    {
      title: "the TLS handshake fails",
      evidence,
      otherwise: {
        cause: answer.words,
        cure: "compare what both sides speak: TLS versions, ciphers, and whether a client certificate is asked for",
      },
    },
  );
  return fault("tls-certificate", { ...trouble, side });
}
