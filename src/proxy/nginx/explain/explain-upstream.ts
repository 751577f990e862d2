/**
 * Why nginx and an upstream as its user wrote it would not come together, by what was seen at its address.
 */

import { quoteAt } from "../../../diagnosis/quote.js";
import type { DistrustedUpstream, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { placeOf, quoteOf } from "../language/nginx-tree.js";
import { explainUpstreamError } from "./explain-upstream-error.js";
import type { Reading } from "./reading.js";

type Seen<Kind extends Symptom["kind"]> = Extract<Symptom, { readonly kind: Kind }>;

export function explainMissing(_: Reading, { isAll }: Seen<"upstream-missing">): Explanation {
  return {
    cause: isAll
      ? "nothing listens at the address, or its name is not known here; nginx would answer 502, or with an unknown name not start"
      : "nginx tries such a server first or next, loses time, and leaves it out for fail_timeout (10 s) after each try",
    cure: "start the backend, or correct proxy_pass; no matter if the config is for another machine or network",
  };
}

export function explainUpstreamScheme(
  { view }: Reading,
  { asked }: Seen<"upstream-scheme">,
): Explanation | null {
  const [pass] = view.effective("proxy_pass");
  if (pass === undefined) return null;
  const url = pass.args[0] ?? "";
  const quotes = [quoteOf(pass)];
  const written = `\`proxy_pass ${url}\` at ${placeOf(pass.origin)}`;
  return asked === "plain"
    ? {
        cause: `${written}: the upstream takes the request for a broken TLS handshake: nginx answers 502, or hands on the upstream's 400`,
        cure: `in ${view.where}:\nproxy_pass ${url.replace(/^http:/i, "https:")};\nproxy_ssl_server_name on;`,
        quotes,
      }
    : {
        cause: `${written}: the upstream does not answer a TLS handshake: nginx answers 502`,
        cure: `in ${view.where}:\nproxy_pass ${url.replace(/^https:/i, "http:")};`,
        quotes,
      };
}

/** By nginx's own log, or by what was seen at the upstream's address. */
export function explainUpstreamTls(
  reading: Reading,
  { log, seen }: Seen<"upstream-tls-failed">,
): Explanation | null {
  if (seen !== null) return explainDistrust(reading, seen);
  return explainUpstreamError(log, reading.view);
}

/** By nginx's own log alone: the answer may be the upstream's. */
export function explainFailure({ view }: Reading, { log }: Seen<"upstream-failed">): Explanation | null {
  return explainUpstreamError(log, view);
}

export function explainClientTls({ view }: Reading): Explanation {
  const names = ["ssl_verify_client", "ssl_protocols", "ssl_ciphers"];
  const quotes = names.flatMap((name) => view.effective(name).map(quoteOf));
  return {
    cause:
      quotes.length === 0
        ? "nginx and the client find no common ground"
        : `nginx and the client find no common ground: ${quotes.map(quoteAt).join(", ")}`,
    cure: "compare what both sides speak: ssl_protocols, ssl_ciphers, ssl_verify_client",
    quotes,
  };
}

/** What would be wrong with what answers TLS at an upstream's address. */
function explainDistrust(
  { view }: Reading,
  { why, words, wanted, address }: DistrustedUpstream,
): Explanation {
  const [verify] = view.effective("proxy_ssl_verify");
  const checked = verify === undefined ? "" : `${quoteAt(quoteOf(verify))}: `;
  const quotes = verify === undefined ? [] : [quoteOf(verify)];
  const title = `nginx would not trust the certificate of ${address}`;
  switch (why) {
    case "handshake":
      return {
        cause: `${words}: mostly it wants to know the name first (SNI), a client certificate, or another TLS version`,
        cure: `proxy_ssl_name too where proxy_pass has another name; in ${view.where}:\nproxy_ssl_server_name on;`,
      };
    case "expired":
      return {
        title,
        cause: `${checked}the certificate has expired; nginx answers 502`,
        cure: "renew the upstream's certificate",
        quotes,
      };
    case "authority":
      return {
        title,
        cause: `${checked}the certificate's authority is not in proxy_ssl_trusted_certificate (${words}); nginx answers 502`,
        cure: `in ${view.where}:\nproxy_ssl_trusted_certificate FILE;`,
        quotes,
      };
    case "name": {
      const first = /DNS:([^*,\s]+)/.exec(words)?.[1] ?? "NAME";
      return {
        title,
        cause: `${checked}the certificate is for ${words}, and nginx looks for ${wanted}; nginx answers 502`,
        cure: `in ${view.where}:\nproxy_ssl_name ${first};\nproxy_ssl_server_name on;`,
        quotes,
      };
    }
  }
}

export function explainUnnamed({ view }: Reading, { name }: Seen<"upstream-unnamed">): Explanation {
  return {
    title: `${name} is not told which name nginx wants to speak with`,
    cause:
      "proxy_ssl_server_name is off unless set: an upstream that serves several names over TLS answers with another's certificate, or ends the handshake (502)",
    cure: `in ${view.where}:\nproxy_ssl_server_name on;`,
  };
}
