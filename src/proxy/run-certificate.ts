/**
 * A certificate for the loopback address, signed by an authority that lives as long as the run and is trusted by
 * nobody else.
 */
export type KeyKind =
  | { readonly kind: "ec"; readonly curve: "P-256" | "P-384" | "P-521" }
  | { readonly kind: "rsa"; readonly bits: number };

export interface RunCertificate {
  readonly caPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

const dayMs = 86_400_000;

/**
 * @param key its type and size are most of what a TLS handshake costs the server
 * @param names that clients ask for beside `localhost` and its addresses
 */
export async function makeRunCertificate(
  key: KeyKind,
  names: readonly string[] = [],
): Promise<RunCertificate> {
  // Takes a tenth of a second to load, and most runs have no TLS.
  const { generate } = await import("selfsigned");
  const keyOptions =
    key.kind === "ec"
      ? ({ keyType: "ec", curve: key.curve } as const)
      : ({ keyType: "rsa", keySize: key.bits } as const);
  const options = {
    ...keyOptions,
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + 30 * dayMs),
  };
  // selfsigned signs with the leaf's own kind of key, so that both must be of one kind.
  const authority = await generate([{ name: "commonName", value: "wsrally run authority" }], {
    ...options,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: "commonName", value: "localhost" }], {
    ...options,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: key.kind === "rsa", critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          ...["localhost", ...names].map((value) => ({ type: 2 as const, value })),
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { caPem: authority.cert, certificatePem: leaf.cert, keyPem: leaf.private };
}
