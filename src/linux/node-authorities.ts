/**
 * The certificate authorities that Node's own TLS trusts where no others are named, so that all engines trust the same.
 */
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

/** @returns PEM, one certificate after another: those that Node carries and those of NODE_EXTRA_CA_CERTS */
export function nodeAuthorities(): string {
  return [...rootCertificates, extraAuthorities(process.env.NODE_EXTRA_CA_CERTS)].join("\n");
}

function extraAuthorities(path: string | undefined): string {
  if (path === undefined || path === "") return "";
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Node warns of such a file when it starts, and goes on without.
    return "";
  }
}
