/**
 * A Caddyfile without what the copy has its own of, or must not have: certificates, logs, the admin's address, storage. What
 * Caddy does not know stays, for Caddy to refuse.
 */
import type { Block, ConfigTree, Directive } from "../language/config-tree.js";
import { certificateFile, keyFile } from "../run/template.js";
import type { Adoption } from "./adoption.js";

/** By name of a global option. */
const globalsLeftOut: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...[
        "email",
        "acme_ca",
        "acme_ca_root",
        "acme_eab",
        "acme_dns",
        "on_demand_tls",
        "cert_issuer",
        "key_type",
      ],
      ...[
        "local_certs",
        "preferred_chains",
        "ocsp_stapling",
        "ocsp_interval",
        "renew_interval",
        "pki",
        "ech",
        "dns",
      ],
      ...[
        "skip_install_trust",
        "cert_lifetime",
        "storage_clean_interval",
        "storage_check",
        "default_sni",
        "fallback_sni",
      ],
    ].map((name) => [name, "the certificate is the run's own"]),
  ),
  admin: "it is a socket of wsrally's",
  persist_config: "nothing is kept of the copy",
  storage: "what Caddy keeps is in a private folder",
  log: "the log is wsrally's",
  debug: "the log is wsrally's",
  default_bind: "every socket is a free port of 127.0.0.1",
  events: "nobody is told of what happens",
  filesystem: "the copy has files of its own",
  metrics: "nobody asks for them",
};

const linesLeftOut: Readonly<Record<string, string>> = {
  log: "the log is wsrally's",
  bind: "every socket is a free port of 127.0.0.1",
};

const knownOfTls = new Set([
  ...["protocols", "ciphers", "curves", "alpn", "load", "ca", "ca_root", "key_type", "dns", "resolvers"],
  ...["propagation_timeout", "propagation_delay", "dns_ttl", "dns_challenge_override_domain", "eab"],
  ...["on_demand", "reuse_private_keys", "client_auth", "issuer", "get_certificate", "insecure_secrets_log"],
  ...["renewal_window_ratio", "force_automate", "must_staple"],
]);

export function plainTree(tree: ConfigTree, adoption: Adoption): Block[] {
  return tree.map((block) => {
    if (block.kind === "global") return { ...block, lines: without(block.lines, globalsLeftOut, adoption) };
    return {
      ...block,
      lines: without(block.lines, linesLeftOut, adoption).map((line) => plainTls(line, adoption)),
    };
  });
}

function without(
  lines: readonly Directive[],
  leftOut: Readonly<Record<string, string>>,
  adoption: Adoption,
): Directive[] {
  return lines.filter(({ name }) => {
    const why = leftOut[name];
    if (why !== undefined) adoption.note(`${name} was left out: ${why}`, { path: [], directives: [name] });
    return why === undefined;
  });
}

/** Caddy reads some of the files that it names even when it only translates a config. */
function plainTls(line: Directive, adoption: Adoption): Directive {
  if (line.name !== "tls") return line;
  const unknown = (line.block ?? []).filter(({ name }) => !knownOfTls.has(name));
  const [first] = line.args;
  const isKnown =
    line.args.length === 0 ||
    line.args.length === 2 ||
    /^(?:internal|force_automate)$|@/.test(first?.text ?? "");
  if (!isKnown || unknown.length > 0) return { ...line, block: unknown.length === 0 ? null : unknown };
  adoption.note("The certificate is the run's own instead", { path: [], directives: ["tls"] });
  if ((line.block ?? []).some(({ name }) => name === "client_auth"))
    adoption.note("client_auth was left out: the generator has no client certificate", {
      path: [],
      directives: ["client_auth"],
    });
  const words = line.args.length === 2 ? [certificateFile, keyFile] : ["internal"];
  return { ...line, args: words.map((text) => ({ text, quoted: false, place: line.place })), block: null };
}
