/**
 * Certificates of an adopted config. One that is good for the name asked for is kept. Any other could not be verified
 * by the generator, so the run's own takes its place, with a key of the same type
 * and size where the original can be read: that is what a handshake costs.
 */
import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import type { RenewedFiles } from "../../instance/renew-certificate.js";
import { type KeyKind, type Leaf, makeRunCertificate, type RunCertificate } from "../../run-certificate.js";
import { type Directive, directive, rewrite, walk } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";
import { isThere, nameOf, pathOf, readCertificate, readKey } from "./tls-files.js";

interface AdoptedCertificates {
  readonly tree: readonly Directive[];
  readonly files: ReadonlyMap<string, string>;
  /** Those with the run's own certificates anew; null where there is none. */
  readonly renewedFiles: RenewedFiles | null;
  /** Authorities of the certificates in use, or null when the user must name them. */
  readonly caPem: string | null;
}

interface Terms {
  readonly names: readonly string[];
  /** For a certificate that cannot be read. */
  readonly fallback: KeyKind;
  readonly adoption: Adoption;
}

interface OwnCertificate extends RunCertificate {
  /** Base name of its files in the prefix. */
  readonly name: string;
}

const authorityFiles = new Set(["ssl_trusted_certificate", "ssl_client_certificate"]);
const defaultKind: KeyKind = { kind: "ec", curve: "P-256" };
/** Where the config's ciphers are for RSA keys alone. */
const rsaKind: KeyKind = { kind: "rsa", bits: 2048 };

/** @param names that the generator asks for; none for the address alone */
export async function adoptCertificates(
  tree: readonly Directive[],
  names: readonly string[],
  adoption: Adoption,
): Promise<AdoptedCertificates> {
  const terms = { names, fallback: fallbackKind(tree), adoption };
  const own = await makeOwnCertificates(tree, terms);
  const trusted = new Set<string>([...own.values()].map(({ caPem }) => caPem));
  const adopted = rewrite(tree, (node) => {
    if (node.block !== null) return [{ ...node, block: adoptPairs(node.block, { own, trusted, terms }) }];
    return authorityFiles.has(node.name) ? [adoptAuthority(node, own, adoption)] : [node];
  });
  const authorities = [...own.values()].map(({ name, caPem }): [string, string] => [`${name}-ca.crt`, caPem]);
  return {
    tree: adopted,
    files: new Map([...[...own.values()].flatMap(leafFiles), ...authorities]),
    renewedFiles: own.size === 0 ? null : () => renewed([...own.values()]),
    caPem: trusted.size === 0 ? null : [...trusted].join("\n"),
  };
}

function leafFiles({ name, certificatePem, keyPem }: Leaf & { readonly name: string }): [string, string][] {
  return [
    [`${name}.crt`, certificatePem],
    [`${name}.key`, keyPem],
  ];
}

async function renewed(own: readonly OwnCertificate[]): Promise<ReadonlyMap<string, string>> {
  const leaves = await Promise.all(own.map(async ({ name, renew }) => ({ name, ...(await renew()) })));
  return new Map(leaves.flatMap(leafFiles));
}

function fallbackKind(tree: readonly Directive[]): KeyKind {
  const ciphers = [...walk(tree)].flatMap(({ node }) => (node.name === "ssl_ciphers" ? node.args : []));
  const needRsa = ciphers.some((list) => /RSA/.test(list) && !/ECDSA|HIGH|ALL|DEFAULT|TLS_/.test(list));
  return needRsa ? rsaKind : defaultKind;
}

/** One for every kind of key that has to be replaced, by the kind's text. */
async function makeOwnCertificates(
  tree: readonly Directive[],
  terms: Terms,
): Promise<ReadonlyMap<string, OwnCertificate>> {
  const kinds = new Map<string, KeyKind>();
  for (const { node } of walk(tree)) {
    if (authorityFiles.has(node.name)) kinds.set(JSON.stringify(defaultKind), defaultKind);
    for (const { certificate, key } of pairsOf(node.block ?? [])) {
      const kind = replacementKind({ certificate, key }, terms);
      if (kind !== null) kinds.set(JSON.stringify(kind), kind);
    }
  }
  const made = new Map<string, OwnCertificate>();
  for (const [text, kind] of kinds) {
    made.set(text, { name: `run-${made.size}`, ...(await makeRunCertificate(kind, terms.names)) });
  }
  return made;
}

interface Pair {
  readonly certificate: Directive;
  readonly key: Directive | null;
}

/** nginx pairs the first certificate of a block with its first key, and so on. */
function pairsOf(block: readonly Directive[]): Pair[] {
  const keys = block.filter(({ name }) => name === "ssl_certificate_key");
  return block
    .filter(({ name }) => name === "ssl_certificate")
    .map((certificate, index) => ({ certificate, key: keys[index] ?? null }));
}

interface PairSettings {
  readonly own: ReadonlyMap<string, OwnCertificate>;
  readonly trusted: Set<string>;
  readonly terms: Terms;
}

function adoptPairs(block: readonly Directive[], { own, trusted, terms }: PairSettings): Directive[] {
  const { adoption } = terms;
  const replaced = new Map<Directive, Directive>();
  for (const { certificate, key } of pairsOf(block)) {
    const kind = replacementKind({ certificate, key }, terms);
    const mine = kind === null ? undefined : own.get(JSON.stringify(kind));
    if (mine === undefined) {
      for (const node of key === null ? [certificate] : [certificate, key]) {
        replaced.set(node, { ...node, args: [nameOf(node, adoption)] });
      }
      const anchor = authorityOf(certificate, adoption);
      if (anchor !== null) trusted.add(anchor);
      continue;
    }
    adoption.note(
      `The certificate ${certificate.args[0]} was replaced by one of the run's own`,
      certificate.origin,
    );
    replaced.set(certificate, { ...certificate, args: [`${mine.name}.crt`] });
    if (key !== null) replaced.set(key, { ...key, args: [`${mine.name}.key`] });
  }
  return block.map((node) => {
    if (node.name !== "ssl_certificate_key" || replaced.has(node)) return replaced.get(node) ?? node;
    return { ...node, args: [nameOf(node, adoption)] };
  });
}

/** The kind of key that a replacement is to have, or null when the certificate stays. */
function replacementKind({ certificate, key }: Pair, { names, fallback, adoption }: Terms): KeyKind | null {
  // Without a key nginx refuses it, in better words.
  if (key === null) return null;
  // Which file it is would be known at a handshake only.
  const isOpen = [certificate, key].some(({ args }) => args[0]?.includes("$"));
  if (isOpen && adoption.confinedTo !== null) return fallback;
  const found = readCertificate(certificate, adoption);
  if (found === null) return isThere(certificate, adoption) ? null : fallback;
  const pem = readKey(key, adoption);
  // What fits together is needed; what does not is nginx's to refuse.
  if (pem !== null && !found.checkPrivateKey(pem)) return null;
  return pem !== null && canServe(found, names) ? null : keyKindOf(found);
}

/** Whether a client that asks for the names, or for the address where there are none, can be content with it. */
function canServe(found: X509Certificate, names: readonly string[]): boolean {
  const now = Date.now();
  if (now < Date.parse(found.validFrom) || now > Date.parse(found.validTo)) return false;
  if (names.length === 0) return found.checkIP("127.0.0.1") !== undefined;
  if (!names.every((name) => found.checkHost(name) !== undefined)) return false;
  // Where only the user knows the authority, a certificate of the run's own is the one that can be verified.
  return found.checkIssued(found) || publicIssuer(found) !== null;
}

function keyKindOf({ publicKey }: X509Certificate): KeyKind {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType === "rsa") return { kind: "rsa", bits: modulusLength ?? 2048 };
  if (namedCurve === "secp384r1") return { kind: "ec", curve: "P-384" };
  return namedCurve === "secp521r1" ? { kind: "ec", curve: "P-521" } : defaultKind;
}

/** A certificate that signed itself is its own authority; null where only the user knows who signed it. */
function authorityOf(certificate: Directive, adoption: Adoption): string | null {
  const found = readCertificate(certificate, adoption);
  if (found === null) return null;
  return found.checkIssued(found) ? found.toString() : publicIssuer(found);
}

function publicIssuer(found: X509Certificate): string | null {
  return rootCertificates.find((pem) => found.checkIssued(new X509Certificate(pem))) ?? null;
}

function adoptAuthority(
  node: Directive,
  own: ReadonlyMap<string, OwnCertificate>,
  adoption: Adoption,
): Directive {
  if (readCertificate(node, adoption) !== null) return { ...node, args: [nameOf(node, adoption)] };
  adoption.note(
    `${node.name} ${node.args[0]} ${adoption.whyUnread(pathOf(node, adoption))}: the run's own authority stands in`,
    node.origin,
  );
  const name = own.get(JSON.stringify(defaultKind))?.name ?? "run-0";
  return directive(node.name, `${name}-ca.crt`);
}
