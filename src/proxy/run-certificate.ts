/**
 * A certificate for the loopback address, signed by an authority that lives as long as the run and is trusted by
 * nobody else.
 */
export type KeyKind =
  | { readonly kind: "ec"; readonly curve: "P-256" | "P-384" | "P-521" }
  | { readonly kind: "rsa"; readonly bits: number };

/** What a server shows, and its key. */
export interface Leaf {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface RunCertificate extends Leaf {
  readonly caPem: string;
  /** Another one for the same names by the same authority, with a serial number and a key of its own. */
  renew(): Promise<Leaf>;
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
  const { default: selfsigned } = await import("selfsigned");
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
  const authority = await selfsigned.generate([{ name: "commonName", value: "wsrally run authority" }], {
    ...options,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const renew = async (): Promise<Leaf> => {
    const leaf = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
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
    return { certificatePem: leaf.cert, keyPem: leaf.private };
  };
  return { caPem: authority.cert, ...(await renew()), renew };
}
