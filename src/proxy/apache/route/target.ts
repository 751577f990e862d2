/**
 * What a request is passed to, as ProxyPass, BalancerMember and RewriteRule name it.
 */

export interface Target {
  /** "ws", "http", "balancer", in lower case. */
  readonly scheme: string;
  /** `HOST:PORT` with the scheme's own port filled in, `unix:PATH`, or a balancer's name. */
  readonly address: string;
  /** With the scheme and the address as they are written: what is replaced. */
  readonly prefix: string;
  /** Behind it: "/chat", with what a rule fills in. */
  readonly path: string;
  /** False where a variable or a group makes a part of the address. */
  readonly isPlain: boolean;
}

const ports: Readonly<Record<string, number>> = {
  ...{ http: 80, ws: 80, h2c: 80, https: 443, wss: 443, h2: 443 },
  ...{ ajp: 8009, fcgi: 8000, scgi: 4000, uwsgi: 3031, ftp: 21 },
};

/** Schemes over TLS. */
export function isTls(scheme: string): boolean {
  return scheme === "wss" || scheme === "https" || scheme === "h2";
}

/** `ws://app:9000$1`, `ws://app%{REQUEST_URI}`: what a rule fills in is the path. */
const withFilledPath =
  /^([a-z][\w+.-]*):\/\/([^/?%$]+:\d+|[^/?%$]+(?=%\{REQUEST_URI\}|\$\d))((?:%\{|\$).*)$/is;

/** Null for "!" and for what is no URL. */
export function parseTarget(url: string): Target | null {
  const socket = /^unix:([^|]+)\|([a-z][\w+.-]*):(?:\/\/([^/]*))?(.*)$/is.exec(url);
  if (socket !== null) {
    const [, path = "", scheme = "", , rest = ""] = socket;
    const prefix = url.slice(0, url.length - rest.length);
    return { scheme: scheme.toLowerCase(), address: `unix:${path}`, prefix, path: rest, isPlain: true };
  }
  const [, scheme = "", authority = "", path = ""] =
    withFilledPath.exec(url) ??
    /^([a-z][\w+.-]*):\/\/((?:%\{[^}]*\}|\$\{[^}]*\}|[^/?])*)(.*)$/is.exec(url) ??
    [];
  if (scheme === "") return null;
  const lower = scheme.toLowerCase();
  const host = authority.replace(/^[^@]*@/, "");
  const hasPort = /:\d+$/.test(host) || lower === "balancer" || /[%$]/.test(host);
  return {
    scheme: lower,
    address: hasPort ? host : `${host}:${ports[lower] ?? 80}`,
    prefix: `${scheme}://${authority}`,
    path,
    isPlain: !/[%$]/.test(authority),
  };
}

/** `upgrade=websocket` among parameters; the first `=` parts them. */
export function parametersOf(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.flatMap((word) => {
      const at = word.indexOf("=");
      return at < 1 ? [] : [[word.slice(0, at).toLowerCase(), word.slice(at + 1)] as const];
    }),
  );
}
