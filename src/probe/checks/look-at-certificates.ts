/**
 * The certificates that the config names, read where this user may: the one in use here is the run's own.
 */

import { X509Certificate } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { readSmallFile } from "../../base/read-small-file.js";
import { type Finding, fault, notTested } from "../../diagnosis/finding.js";
import { type Quote, quoteAt } from "../../diagnosis/quote.js";
import type { WrittenConfig } from "../../diagnosis/written-config.js";
import { createReach } from "../../proxy/reach/reach.js";
import { type ConfiguredTarget, isConfigured } from "../../scenario/arm.js";
import type { ProbeContext } from "../probe-context.js";

/** What stands beside certificates in a folder of them. */
const besides = /^\.|\.(?:key|issuer|ocsp|sctl)$/;

/** @returns null when there is nothing to say against them, or no config */
export function lookAtCertificates(context: ProbeContext): Finding | null {
  const [first] = context.config?.certificates ?? [];
  if (first === undefined || !isConfigured(context.arm)) return null;
  const { read, unread } = readAll(context.arm, context.config?.certificates ?? []);
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
  if (missing.length === 0 || unread > 0) return null;
  return fault("tls-certificate", {
    side: "proxy",
    title: `the certificate is not for ${missing.join(", ")}`,
    evidence,
    cause:
      "the names that the config serves and the certificate's differ: browsers end the connection before any WebSocket",
    cure: `a certificate whose subjectAltName has ${missing.join(", ")}`,
  });
}

interface Read {
  readonly read: readonly { readonly certificate: X509Certificate; readonly quote: Quote }[];
  /** Files of which nothing is known. */
  readonly unread: number;
}

/** A folder stands for what is in it. */
function readAll({ configFile, confinedTo }: ConfiguredTarget, written: WrittenConfig["certificates"]): Read {
  const reach = createReach(confinedTo);
  const files = written.flatMap(({ file, quote }) => {
    const path = resolve(dirname(configFile), file);
    const names = reach.namesIn(path).filter((name) => !besides.test(name));
    const paths = names.length === 0 ? [path] : names.map((name) => join(path, name));
    return paths.map((one) => ({ path: one, quote }));
  });
  const read = files.flatMap(({ path, quote }) => {
    const found = reach.fileAt(path);
    const certificate = found === null ? null : readCertificate(found);
    return certificate === null ? [] : [{ certificate, quote }];
  });
  return { read, unread: files.length - read.length };
}

function readCertificate(file: string): X509Certificate | null {
  try {
    return new X509Certificate(readSmallFile(file));
  } catch {
    // Missing, kept from this user, a folder, or no certificate: said as such.
    return null;
  }
}
