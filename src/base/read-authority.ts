/** Reads the file of a certificate authority that the user names. */
import { readFile } from "node:fs/promises";
import { messageOf, UsageError } from "./errors.js";

/** @returns the PEM text @throws UsageError when it cannot be read, or holds no certificate */
export async function readAuthority(file: string): Promise<string> {
  const pem = await readFile(file, "utf8").catch((thrown: unknown) => {
    throw new UsageError(`Cannot read the certificate authority ${file}: ${messageOf(thrown)}`);
  });
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new UsageError(`Cannot use ${file} as certificate authority: want a PEM certificate`);
}
