/**
 * `ssl_ecdh_curve` with a group that this nginx's OpenSSL does not have: it takes all of the list or none.
 */

/** Groups by the first OpenSSL that has them; null for those of other libraries alone. */
const groups: Readonly<Record<string, string | null>> = {
  x25519mlkem768: "3.5",
  secp256r1mlkem768: "3.5",
  secp384r1mlkem1024: "3.5",
  mlkem512: "3.5",
  mlkem768: "3.5",
  mlkem1024: "3.5",
  brainpoolp256r1tls13: "3.2",
  brainpoolp384r1tls13: "3.2",
  brainpoolp512r1tls13: "3.2",
  ffdhe2048: "3.0",
  ffdhe3072: "3.0",
  ffdhe4096: "3.0",
  x448: "1.1.1",
  x25519: "1.1.0",
  x25519kyber768draft00: null,
  x25519_kyber768: null,
  p256_kyber768: null,
};

/** Every OpenSSL that an nginx of today is built with has these. */
const everywhere = /^(p-(256|384|521)|prime256v1|secp256r1|secp384r1|secp521r1|auto)$/i;

export function explainCurves(words: string, build: string): { cause: string; cure: string } | null {
  const [, list] = /SSL_CTX_set1_(?:curves|groups)_list\("([^"]+)"\) failed/.exec(words) ?? [];
  if (list === undefined) return null;
  const library = libraryOf(build);
  const asked = list.split(":");
  const named = /group '([^']+)' cannot be set/.exec(words)?.[1];
  const missing = asked.filter((name) => name === named || isMissing(name, library.version));
  const kept = asked.filter((name) => !missing.includes(name));
  const known = missing.length > 0 ? missing : asked.filter((name) => !everywhere.test(name));
  return {
    cause: `${library.words}, which this nginx runs with, has no ${known.map(describe).join(", ")}; it takes all of the list or none`,
    cure: `the list without it, or auto for the library's own:\nssl_ecdh_curve ${missing.length > 0 && kept.length > 0 ? kept.join(":") : "auto"};`,
  };
}

function describe(name: string): string {
  const since = groups[name.toLowerCase()];
  if (since === undefined) return name;
  return since === null ? `${name} (no OpenSSL has it)` : `${name} (it came with OpenSSL ${since})`;
}

function isMissing(name: string, version: readonly number[] | null): boolean {
  const since = groups[name.toLowerCase()];
  if (since === undefined || version === null) return false;
  return since === null || compare(version, numbersOf(since)) < 0;
}

interface Library {
  readonly words: string;
  /** Null where it is no OpenSSL. */
  readonly version: readonly number[] | null;
}

/** "built with OpenSSL 3.0.22 … (running with OpenSSL 3.0.19 …)": what it runs with counts. */
function libraryOf(build: string): Library {
  const found = /running with (\w+) ([\d.]+)/.exec(build) ?? /built with (\w+SSL) ([\d.]+)/.exec(build);
  const [, name = "the TLS library", number = ""] = found ?? [];
  return {
    words: `${name} ${number}`.trim(),
    version: name === "OpenSSL" ? numbersOf(number) : null,
  };
}

function numbersOf(text: string): number[] {
  return text.split(".").map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
