/**
 * What is secret in URLs, headers and whatever quotes them, and how it is shown: names stay, values become `***`. Pure, and
 * the same when it is applied again.
 */

/** Stands where a secret stood; a URL with it is still one. */
export const mask = "***";

/** Whether something of this name holds a secret as a rule: a variable, a parameter, a key of JSON, a header. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) || secretHeader.test(name);
}

const secretName =
  /secret|passw|passphrase|\bpwd\b|token(?!s\b)|(?:api|access|private|auth)[-_]?key|credential|signature|sess(?:ion)?[-_]?id|\bjwt\b|\bauth\b|bearer/i;
const secretHeader = /^(?:proxy[-_])?authorization$|^(?:set[-_])?cookie2?$/i;

/** Told every value that was masked. */
export type Found = (value: string) => void;

const ignore: Found = () => undefined;

/** `ws://user:pass@host/path?token=x#y`, or the path and query of one: userinfo and the query's values. */
export function maskUrl(url: string, found: Found = ignore): string {
  const [, scheme = "", userinfo = "", rest = ""] =
    /^([a-z][a-z\d+.-]*:\/\/)?([^/?#\s]*@)?(.*)$/is.exec(url) ?? [];
  const isUserinfo = scheme !== "" && userinfo !== "" && userinfo !== `${mask}@`;
  // The user's name is hidden with the password, and no secret wherever else it stands.
  if (isUserinfo) found(userinfo.slice(userinfo.indexOf(":") + 1, -1));
  return `${scheme}${isUserinfo ? `${mask}@` : userinfo}${maskQuery(rest, found)}`;
}

/** Variables of a config or of a handshake are names, and stand for nothing yet; `$5$…` is a password's digest. */
const variables = /^(?:\$\d|(?:\$[A-Za-z_]\w*|\$\{(?:env:)?\w+\}|\{\{[\w .-]+\}\})+)$/;

/** Whether a text is nothing but variables. */
export function isVariable(text: string): boolean {
  return variables.test(text);
}

function maskQuery(rest: string, found: Found): string {
  const [, path = "", query, fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(rest) ?? [];
  if (query === undefined) return rest;
  const pairs = query.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    // A query of one word without a name is its value.
    const value = pair.slice(equals + 1);
    if (value === "" || value === mask || variables.test(value)) return pair;
    found(value);
    return pair.slice(0, equals + 1) + mask;
  });
  return `${path}?${pairs.join("&")}${fragment}`;
}

/** A header's value as it may be shown, by the header's name. */
export function maskHeader(name: string, value: string, found: Found = ignore): string {
  const lower = name.toLowerCase();
  if (lower === "cookie")
    return value
      .split(/(;\s*)/)
      .map((pair) => maskPair(pair, found))
      .join("");
  if (lower === "set-cookie") {
    const [pair = "", ...attributes] = value.split(/(;\s*)/);
    return maskPair(pair, found) + attributes.join("");
  }
  if (lower === "sec-websocket-protocol") {
    return value
      .split(/(,\s*)/)
      .map((word) => maskSubprotocol(word, found))
      .join("");
  }
  if (isSecretName(name)) return maskCredentials(value, found);
  return maskText(value, found);
}

function maskPair(pair: string, found: Found): string {
  const equals = pair.indexOf("=");
  const value = pair.slice(equals + 1);
  if (equals === -1 || value === "" || value === mask || variables.test(value)) return pair;
  found(value);
  return pair.slice(0, equals + 1) + mask;
}

const schemes = "Bearer|Basic|Digest|Token|ApiKey|Negotiate|NTLM";
const credential = new RegExp(`^((?:${schemes})\\s+)?(.*)$`, "is");

/** `Bearer abc` keeps its scheme. */
export function maskCredentials(value: string, found: Found = ignore): string {
  const [, scheme = "", secret = ""] = credential.exec(value) ?? [];
  if (secret === "" || secret === mask || variables.test(secret)) return value;
  found(secret);
  return scheme + mask;
}

/**
 * IANA's registry of WebSocket subprotocol names, by their first words, and what others are widely used. Tokens travel in
 * this header too, for a browser's script can set no other: what is in no list is taken for one.
 */
const subprotocols = new RegExp(
  `^(?:${[
    "mqtt[\\w.]*|amqp[\\w.]*|xmpp|soap|sip|msrp|coap|bfcp|rfb|wpcp|rwpcp|jsflow|ship|xcap|webrtc|chat|superchat",
    "v\\d\\d\\.stomp|stomp|wamp(?:\\.2\\.\\w+)*|ocpp[\\d.]+|oneM2M\\.[\\w.]+|opcua\\+\\w+|v1\\.[a-z-]+[+\\w.]*",
    "graphql-(?:ws|transport-ws)|actioncable-[a-z\\d-]+|phoenix|signalr|janus-protocol|vite-hmr|binary|base64|tunnel",
    "[\\w-]+\\.lightstreamer\\.com|(?:json|protobuf)\\.webpubsub\\.azure\\.v1|(?:base64\\.|v\\d\\.)?channel\\.k8s\\.io",
    "wsrally\\.\\w+",
  ].join("|")})$`,
  "i",
);

function maskSubprotocol(word: string, found: Found): string {
  if (/^(?:,\s*)?$/.test(word) || word === mask || variables.test(word) || subprotocols.test(word))
    return word;
  found(word);
  return mask;
}

/**
 * A URL, or a word with a query, within a text. Each begins where a word does, or at most a scheme's length before its
 * `://`: a long word is not looked through again from each of its letters.
 */
const urls = /[a-z][a-z\d+.-]{0,15}:\/\/[^\s"'`<>]+|(?<![^\s"'`<>])[^\s"'`<>?]*\?[^\s"'`<>]*=[^\s"'`<>]*/gi;
/**
 * `name=value`, as in forms, shells and parameters, and `"name": "value"`, as in JSON, which may be quoted once more, of what
 * has a secret's name.
 */
const pairs = new RegExp(
  `(?<![\\w$-])((?=[\\w$-]*?(?:${secretName.source}))[\\w$-]+)` +
    `(=|\\\\?["']\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|\\\\"[^"\\\\]*\\\\"|'[^']*'|[^\\s"'\`&;,<>)}\\]]+)`,
  "gi",
);
const authorizations = new RegExp(
  `\\b((?:proxy-)?authorization:\\s*(?:(?:${schemes})\\s+)?)([^\\s"'\`,;]+)`,
  "gi",
);
const credentials = new RegExp(`\\b((?:${schemes})\\s+)(?=[\\w.~+/-]*[\\d._~+/=])([\\w.~+/-]{8,}=*)`, "gi");
/** A JSON Web Token, whatever stands around it (RFC 7519). */
const jsonWebToken = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

/** Each time something was hidden in between. */
const mostPasses = 8;

/**
 * What can be told for a secret in a text of any kind: log lines, messages of errors, bodies. What is hidden may leave another
 * behind it that can only then be told for one: `token=http://&http://user:pass@`.
 */
export function maskText(text: string, found: Found = ignore): string {
  let shown = text;
  for (let pass = 0; pass < mostPasses; pass++) {
    const before = shown;
    shown = maskOnce(before, found);
    if (shown === before) break;
  }
  return shown;
}

function maskOnce(text: string, found: Found): string {
  const hidden = (secret: string): string => {
    const inner = secret.replace(/^(\\?["'])(.*)\1$/s, "$2");
    if (inner === "" || inner === mask || variables.test(inner)) return secret;
    found(inner);
    return secret.replace(inner, mask);
  };
  const keep = (_: string, name: string, secret: string): string => name + hidden(secret);
  return text
    .replace(jsonWebToken, hidden)
    .replace(urls, (url) => maskUrl(url, found))
    .replace(pairs, (_, name: string, sign: string, secret: string) => name + sign + hidden(secret))
    .replace(authorizations, keep)
    .replace(credentials, keep);
}
