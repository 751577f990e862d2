/**
 * The certificates that the config names, read where this user may: the one in use here is the run's own.
 */

import { X509Certificate } from "node:crypto";
import { dirname, resolve } from "node:path";
import { readSmallFile } from "../../base/read-small-file.js";
import { type Finding, fault, notTested } from "../../diagnosis/finding.js";
import { quoteAt } from "../../diagnosis/quote.js";
import { createReach } from "../../proxy/reach/reach.js";
import { isConfigured } from "../../scenario/arm.js";
import type { ProbeContext } from "../probe-context.js";

/** @returns null when there is nothing to say against them, or no config */
export function lookAtCertificates({ arm, config }: ProbeContext): Finding | null {
  const written = config?.certificates ?? [];
  const [first] = written;
  if (!isConfigured(arm) || first === undefined) return null;
  const reach = createReach(arm.confinedTo);
  const read = written.flatMap(({ file, quote }) => {
    const found = reach.fileAt(resolve(dirname(arm.configFile), file));
    const certificate = found === null ? null : readCertificate(found);
    return certificate === null ? [] : [{ certificate, quote }];
  });
  if (read.length === 0)
    return notTested("tls-certificate", `${first.file} cannot be read here, and the run's own stood in`);
  const evidence = read.flatMap(({ certificate, quote }) => [
    `config: ${quoteAt(quote)}`,
    `certificate: ${certificate.subject.replace(/\n/g, ", ")}; ${certificate.subjectAltName ?? "no subjectAltName"}; valid to ${certificate.validTo}`,
  ]);
  const expired = read.find(({ certificate }) => Date.parse(certificate.validTo) < Date.now());
  if (expired !== undefined) {
    return fault("tls-certificate", {
      side: "proxy",
      title: "the certificate has expired",
      evidence,
      cause: `it was valid until ${expired.certificate.validTo}`,
      cure: "renew it, and reload the proxy",
    });
  }
  const names = first.names.filter((name) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name));
  const missing = names.filter((name) =>
    read.every(({ certificate }) => certificate.checkHost(name) === undefined),
  );
  // What could not be read may be for the others.
  if (missing.length === 0 || read.length < written.length) return null;
  return fault("tls-certificate", {
    side: "proxy",
    title: `the certificate is not for ${missing.join(", ")}`,
    evidence,
    cause:
      "the names that the config serves and the certificate's differ: browsers end the connection before any WebSocket",
    cure: `a certificate whose subjectAltName has ${missing.join(", ")}`,
  });
}

function readCertificate(file: string): X509Certificate | null {
  try {
    return new X509Certificate(readSmallFile(file));
  } catch {
    // Missing, kept from this user, a folder, or no certificate: said as such.
    return null;
  }
}
