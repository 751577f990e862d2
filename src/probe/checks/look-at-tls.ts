/**
 * What speaks on an upstream's port of this machine, and what its certificate is worth to nginx.
 */
import { connect as connectTcp, isIP } from "node:net";
import { resolve } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { codeOf, messageOf } from "../../base/errors.js";
import { plainWords } from "../../base/plain-words.js";
import { readSmallFile } from "../../base/read-small-file.js";
import type { Trouble } from "../../diagnosis/finding.js";
import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { type Directive, placeOf } from "../../proxy/nginx/language/nginx-tree.js";

export interface SeenTls {
  readonly address: string;
  /** Nobody: nobody listens, or it stays silent. */
  readonly speaks: "tls" | "plain" | "nobody";
  /** Why nginx would refuse the certificate, or null. */
  readonly untrusted: Distrust | null;
  /** Why the handshake failed, or null. */
  readonly failed: string | null;
  readonly words: string;
}

interface Distrust {
  readonly cause: string;
  readonly cure: string;
}

const limitMs = 1000;
const noTls = /WRONG_VERSION|wrong version|packet length|UNKNOWN_PROTOCOL|HTTP_REQUEST|record layer/i;

interface WrittenConfig {
  readonly view: ConfigView;
  /** That its relative paths start from. */
  readonly folder: string;
}

/** Shakes hands once, as nginx would with this config. */
export function lookAtTls(
  { host, port }: { readonly host: string; readonly port: number },
  { view, folder }: WrittenConfig,
): Promise<SeenTls> {
  const address = `${host}:${port}`;
  const name = nameFor(view, host);
  const sendsName = view.effective("proxy_ssl_server_name")[0]?.args[0] === "on";
  const ca = authorities(view, folder);
  return new Promise((done) => {
    const settle = (
      speaks: SeenTls["speaks"],
      words: string,
      more: Partial<Pick<SeenTls, "untrusted" | "failed">> = {},
    ): void => {
      clearTimeout(timer);
      tcp.destroy();
      done({ address, speaks, untrusted: null, failed: null, words: `${address}: ${words}`, ...more });
    };
    const timer = setTimeout(() => settle("nobody", "no TLS answer in time"), limitMs);
    const tcp = connectTcp({ host, port });
    const socket: TLSSocket = connect({
      socket: tcp,
      rejectUnauthorized: false,
      servername: sendsName && isIP(name) === 0 ? name : "",
      checkServerIdentity: () => undefined,
      ...(ca === null ? {} : { ca }),
    });
    let isConnected = false;
    tcp.on("connect", () => {
      isConnected = true;
    });
    socket.on("error", (error) => {
      const words = plainWords(messageOf(error));
      if (!isConnected) return settle("nobody", codeOf(error) ?? words);
      const isPlain = noTls.test(`${codeOf(error)} ${words}`) || codeOf(error) === "ECONNRESET";
      if (isPlain) settle("plain", "speaks no TLS");
      else settle("tls", `a TLS handshake fails (${words})`, { failed: words });
    });
    socket.on("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      const names = certificate?.subjectAltName ?? "no name";
      const chain: unknown = socket.authorizationError;
      const isFor = isIP(name) === 0 ? certificate?.checkHost(name) : certificate?.checkIP(name);
      const untrusted =
        chain != null ? distrustOf(String(chain)) : isFor === undefined ? wrongName(names, name) : null;
      settle("tls", `speaks ${socket.getProtocol()}, certificate for ${names}`, { untrusted });
    });
  });
}

function distrustOf(code: string): Distrust {
  if (/EXPIRED/.test(code)) {
    return { cause: "the certificate has expired", cure: "renew the upstream's certificate" };
  }
  return {
    cause: `the certificate's authority is not in proxy_ssl_trusted_certificate (${code})`,
    cure: "\nproxy_ssl_trusted_certificate FILE;",
  };
}

function wrongName(names: string, wanted: string): Distrust {
  const first = /DNS:([^*,\s]+)/.exec(names)?.[1] ?? "NAME";
  return {
    cause: `the certificate is for ${names}, and nginx looks for ${wanted}`,
    cure: `\nproxy_ssl_name ${first};\nproxy_ssl_server_name on;`,
  };
}

/** What nginx looks for in the certificate: proxy_ssl_name, or the name in proxy_pass. */
function nameFor(view: ConfigView, host: string): string {
  const [written] = view.effective("proxy_ssl_name");
  const [pass] = view.effective("proxy_pass");
  const inPass = /^https?:\/\/([^/?#]+)/i.exec(pass?.args[0] ?? "")?.[1]?.replace(/:\d+$/, "");
  const name = written?.args[0] ?? inPass ?? host;
  return name.includes("$") ? host : name;
}

function authorities(view: ConfigView, folder: string): string | null {
  const [file] = view.effective("proxy_ssl_trusted_certificate");
  if (file === undefined) return null;
  try {
    return readSmallFile(resolve(folder, file.args[0] ?? "")).toString("utf8");
  } catch {
    // Missing, or kept from this user: nginx itself would not start, or only we cannot tell.
    return null;
  }
}

interface Way {
  readonly isTls: boolean;
  readonly pass: Directive;
  readonly view: ConfigView;
}

/** @returns null when nginx gets on with what was seen */
export function judgeSeenTls(
  { address, speaks, untrusted, failed, words }: SeenTls,
  { isTls, pass, view }: Way,
): Trouble | null {
  const url = pass.args[0] ?? "";
  const evidence = [`config: \`proxy_pass ${url}\` at ${placeOf(pass.origin)}`, words];
  if (!isTls && speaks === "tls") {
    return {
      side: "proxy",
      title: `the proxy speaks plain HTTP to ${address}, which speaks TLS`,
      evidence,
      cause:
        "the upstream takes the request for a broken TLS handshake: nginx answers 502, or hands on the upstream's 400",
      cure: `in ${view.where}:\nproxy_pass ${url.replace(/^http:/i, "https:")};\nproxy_ssl_server_name on;`,
    };
  }
  if (isTls && speaks === "plain") {
    return {
      side: "proxy",
      title: `the proxy speaks TLS to ${address}, which does not`,
      evidence,
      cause: "the upstream does not answer a TLS handshake: nginx answers 502",
      cure: `in ${view.where}:\nproxy_pass ${url.replace(/^https:/i, "http:")};`,
    };
  }
  const hasOwn = view.effective("proxy_ssl_certificate").length > 0;
  if (isTls && failed !== null && !hasOwn) {
    return {
      side: "proxy",
      title: `a TLS handshake with ${address} fails`,
      evidence,
      cause: `${failed}: mostly it wants to know the name first (SNI), a client certificate, or another TLS version`,
      cure: `proxy_ssl_name too where proxy_pass has another name; in ${view.where}:\nproxy_ssl_server_name on;`,
    };
  }
  const [verify] = view.effective("proxy_ssl_verify");
  if (!isTls || untrusted === null || verify?.args[0] !== "on") return null;
  return {
    side: "proxy",
    title: `nginx would not trust the certificate of ${address}`,
    evidence: [...evidence, `config: \`proxy_ssl_verify on\` at ${placeOf(verify.origin)}`],
    cause: `${untrusted.cause}; nginx answers 502`,
    cure: untrusted.cure.startsWith("\n") ? `in ${view.where}:${untrusted.cure}` : untrusted.cure,
  };
}
