/**
 * Parameters of `bind` and `server` lines: how many words each takes, and what becomes of it in a private copy.
 */

/** Kept as it is; replaced by wsrally's own; left out, for a reason; or known to belong to one of the steps. */
export type Fate =
  | "keep"
  | "certificate"
  | "client-certificate"
  | "tls"
  | "proxy-line"
  | "check"
  | "address"
  | "placement"
  | "user";

interface Parameter {
  readonly words: number;
  readonly fate: Fate;
}

function table(rows: readonly (readonly [Fate, number, string])[]): ReadonlyMap<string, Parameter> {
  return new Map(
    rows.flatMap(([fate, words, names]) =>
      names.split(/\s+/).map((name): [string, Parameter] => [name, { fate, words }]),
    ),
  );
}

const bindParameters = table([
  ["keep", 0, "ssl allow-0rtt defer-accept prefer-client-ciphers tfo no-alpn no-tls-tickets tls-tickets"],
  ["keep", 0, "force-sslv3 force-tlsv10 force-tlsv11 force-tlsv12 force-tlsv13"],
  ["keep", 0, "no-sslv3 no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13 no-ca-names"],
  ["keep", 1, "alpn backlog ciphers ciphersuites client-sigalgs curves ecdhe id maxconn mss name nice npn"],
  ["keep", 1, "proto sigalgs ssl-max-ver ssl-min-ver tcp-ut shards idle-ping cc"],
  ["certificate", 1, "crt crt-list ca-sign-file ca-sign-pass tls-ticket-keys ocsp-update default-crt"],
  ["certificate", 0, "generate-certificates strict-sni no-strict-sni"],
  ["client-certificate", 1, "ca-file ca-verify-file crl-file verify ca-ignore-err crt-ignore-err"],
  ["proxy-line", 0, "accept-proxy"],
  ["proxy-line", 1, "accept-netscaler-cip"],
  ["placement", 1, "process thread"],
  [
    "user",
    1,
    "uid gid user group mode level severity-output expose-fd namespace guid-prefix quic-cc-algo quic-socket",
  ],
  ["address", 0, "transparent v4v6 v6only quic-force-retry"],
  ["address", 1, "interface"],
]);

const serverParameters = table([
  ["keep", 0, "backup disabled enabled non-stick tfo strict-maxconn check-reuse-pool"],
  [
    "keep",
    1,
    "cookie hash-key id guid maxconn maxqueue max-reuse minconn pool-low-conn pool-max-conn pool-conn-name",
  ],
  ["keep", 1, "pool-purge-delay proto alpn ws tcp-ut weight shard idle-ping cc init-state"],
  ["tls", 0, "ssl no-ssl allow-0rtt ssl-reuse no-ssl-reuse tls-tickets no-tls-tickets"],
  ["tls", 0, "force-sslv3 force-tlsv10 force-tlsv11 force-tlsv12 force-tlsv13"],
  ["tls", 0, "no-sslv3 no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13"],
  ["tls", 1, "ca-file ciphers ciphersuites client-sigalgs crl-file crt curves npn sigalgs sni ssl-max-ver"],
  ["tls", 1, "ssl-min-ver verify verifyhost"],
  [
    "proxy-line",
    0,
    "send-proxy send-proxy-v2 send-proxy-v2-ssl send-proxy-v2-ssl-cn no-send-proxy no-send-proxy-v2",
  ],
  ["proxy-line", 0, "no-send-proxy-v2-ssl no-send-proxy-v2-ssl-cn"],
  ["proxy-line", 1, "proxy-v2-options"],
  ["check", 0, "check no-check agent-check no-agent-check check-ssl no-check-ssl check-send-proxy"],
  ["check", 0, "no-check-send-proxy check-via-socks4"],
  [
    "check",
    1,
    "addr agent-addr agent-inter agent-port agent-send check-alpn check-proto check-sni downinter",
  ],
  ["check", 1, "error-limit fall fastinter inter observe on-error on-marked-down on-marked-up port rise"],
  ["check", 1, "slowstart track check-pool-conn-name"],
  [
    "address",
    1,
    "init-addr resolve-net resolve-opts resolve-prefer resolvers socks4 redir namespace log-proto",
  ],
  ["address", 1, "source usesrc interface tcp-md5sig log-bufsize"],
]);

/** A parameter with its words; the fate is null for one that no version is known to have. */
export interface GivenParameter {
  readonly words: readonly string[];
  readonly fate: Fate | null;
}

export function bindWords(words: readonly string[]): GivenParameter[] {
  return given(words, bindParameters);
}

export function serverWords(words: readonly string[]): GivenParameter[] {
  return given(words, serverParameters);
}

function given(words: readonly string[], known: ReadonlyMap<string, Parameter>): GivenParameter[] {
  const found: GivenParameter[] = [];
  for (let at = 0; at < words.length; ) {
    const name = words[at] as string;
    // `set-proxy-v2-tlv-fmt(0x20)`: its argument is part of the name.
    const parameter = known.get(name) ?? (name.startsWith("set-proxy-v2-tlv-fmt(") ? tlv : undefined);
    const length = 1 + (parameter?.words ?? 0);
    found.push({ words: words.slice(at, at + length), fate: parameter?.fate ?? null });
    at += length;
  }
  return found;
}

const tlv: Parameter = { words: 1, fate: "proxy-line" };
