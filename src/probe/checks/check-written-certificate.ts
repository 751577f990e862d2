/**
 * The certificate that the config names, read where this user may: the one in use here is the run's own.
 */

import { X509Certificate } from "node:crypto";
import { dirname, resolve } from "node:path";
import { readSmallFile } from "../../base/read-small-file.js";
import { type Finding, fault, notTested } from "../../diagnosis/finding.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { createReach } from "../../proxy/reach/reach.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";

/** @returns null when there is nothing to say against it, or no config */
export function checkWrittenCertificate({ arm, view }: ProbeContext): Finding | null {
  const [written] = view?.effective("ssl_certificate") ?? [];
  if (!isNginx(arm) || arm.configFile === null || written === undefined) return null;
  const [file = ""] = written.args;
  const path = resolve(dirname(arm.configFile), file);
  const found = createReach(arm.confinedTo).fileAt(path);
  const certificate = found === null ? null : read(found);
  if (certificate === null)
    return notTested("tls-certificate", `${file} cannot be read here, and the run's own stood in`);
  const names = (view?.server?.block ?? [])
    .filter(({ name }) => name === "server_name")
    .flatMap(({ args }) => args)
    .filter((name) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name));
  const missing = names.filter((name) => certificate.checkHost(name) === undefined);
  const evidence = [
    `config: ssl_certificate ${file} at ${placeOf(written.origin)}`,
    `certificate: ${certificate.subject.replace(/\n/g, ", ")}; ${certificate.subjectAltName ?? "no subjectAltName"}; valid to ${certificate.validTo}`,
  ];
  if (Date.parse(certificate.validTo) < Date.now()) {
    return fault("tls-certificate", {
      side: "proxy",
      title: "the certificate has expired",
      evidence,
      cause: `it was valid until ${certificate.validTo}`,
      cure: "renew it, and reload nginx",
    });
  }
  if (missing.length === 0) return null;
  return fault("tls-certificate", {
    side: "proxy",
    title: `the certificate is not for ${missing.join(", ")}`,
    evidence,
    cause: "server_name and the certificate's names differ: browsers end the connection before any WebSocket",
    cure: `a certificate whose subjectAltName has ${missing.join(", ")}`,
  });
}

function read(file: string): X509Certificate | null {
  try {
    return new X509Certificate(readSmallFile(file));
  } catch {
    // Missing, kept from this user, or no certificate: said as such.
    return null;
  }
}
