/**
 * Parts of a config that a probe looks at: servers and how they are asked, what may turn a client away, certificates.
 */
import type { UpstreamTls, WrittenConfig, WrittenUpstream } from "../../../diagnosis/written-config.js";
import { scopesOf } from "../language/effective.js";
import { parseAddress } from "../route/addresses.js";
import { certificatesListed } from "../route/certificate-list.js";
import { criteriaOf, splitCondition } from "../route/condition.js";
import { answerOf } from "../route/rule-effects.js";
import { type ConfigView, globalLine, quoteOf, serverParameter } from "./config-view.js";

/** Those whose address can be told: a port, a socket's path. */
export function upstreamsOf(view: ConfigView): readonly WrittenUpstream[] {
  return view.servers.flatMap((server) => {
    const address = plainAddress(server.args[server.name === "server-template" ? 2 : 1] ?? "");
    const tls = serverParameter(view, server, "ssl") !== null;
    return address === null ? [] : [{ address, tls, quote: quoteOf(server) }];
  });
}

/** `HOST:PORT` or `unix:PATH`; null for the client's own port, and for sockets without a path. */
function plainAddress(text: string): string | null {
  const { kind, host, port } = parseAddress(text);
  if (kind === "unix") return `unix:${host}`;
  if (kind !== "tcp" || host === "" || port === null || /:\+\d*$/.test(text)) return null;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Of the first server that is asked over TLS. HAProxy refuses a config that neither verifies nor says that it does not. */
export function upstreamTlsOf(view: ConfigView): UpstreamTls | null {
  const server = view.servers.find((one) => serverParameter(view, one, "ssl") !== null);
  if (server === undefined) return null;
  const verify = serverParameter(view, server, "verify");
  const host = serverParameter(view, server, "verifyhost")?.value ?? null;
  const sni = serverParameter(view, server, "sni")?.value ?? null;
  const name = host ?? /^str\((.*)\)$/.exec(sni ?? "")?.[1] ?? "";
  return {
    verify: verify?.value === "none" ? null : quoteOf(verify?.line ?? server),
    name,
    names: name === "" ? [] : [name],
    sendsName: sni !== null,
    authorities: authoritiesOf(view, serverParameter(view, server, "ca-file")?.value ?? null),
    offersCertificate: serverParameter(view, server, "crt") !== null,
  };
}

/** Null for those that the system trusts. */
function authoritiesOf(view: ConfigView, file: string | null): string | null {
  return file === null || file.startsWith("@") ? null : withBase(view, "ca-base", file);
}

/** `crt-base` and `ca-base` stand before what is no absolute path. */
function withBase(view: ConfigView, name: string, file: string): string {
  const base = globalLine(view, name)?.args[0];
  return base === undefined || file.startsWith("/") ? file : `${base}/${file}`;
}

/** Rules of the way that end a request, and passwords. */
export function accessRules({ route, tree }: ConfigView): WrittenConfig["access"] {
  return (route?.steps ?? [])
    .filter(({ line, section, truth }) => {
      const { words, condition } = splitCondition(line.args);
      const rule = line.name === "tcp-request" ? words.slice(1) : words;
      const answer = answerOf(rule)?.how ?? null;
      if (answer === null || answer === "redirect" || answer === "service") return false;
      const lines = scopesOf(section, tree).flatMap((scope) => scope.lines);
      const criteria = criteriaOf(condition, (name) =>
        lines.filter((one) => one.name === "acl" && one.args[0] === name),
      );
      return truth !== false || criteria.some(({ expression }) => isOfClient(expression.fetch.name));
    })
    .map(({ line }) => ({ ...quoteOf(line), isAsked: false }));
}

/** What a condition may look at that tells one client from another. */
export function isOfClient(fetch: string): boolean {
  return /^(?:src$|src_|sc\d?_|http_auth|ssl_c_)/.test(fetch);
}

/** Files and folders; a list that cannot be read stands for itself. */
export function certificatesOf(view: ConfigView): WrittenConfig["certificates"] {
  const { bind = null, serverName = null } = view.route ?? {};
  if (bind === null) return [];
  const names = serverName === null ? [] : [serverName];
  return bind.args.flatMap((word, at) => {
    const file = bind.args[at + 1];
    if (!/^crt(?:-list)?$/.test(word) || file === undefined) return [];
    const listed = word === "crt-list" ? view.readLines(file) : [file];
    const files = word === "crt-list" && listed !== null ? certificatesListed(listed, serverName) : listed;
    if (files === null) return [{ file, names, quote: quoteOf(bind) }];
    return files.map((one) => ({ file: withBase(view, "crt-base", one), names, quote: quoteOf(bind) }));
  });
}
