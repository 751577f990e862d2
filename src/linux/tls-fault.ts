/** How a TLS connection broke, in OpenSSL's words. */
import { openSsl, takeOpenSslError } from "./openssl.js";

export type TlsFault =
  /** The server's certificate: whose it is, by whom, for how long. */
  | { readonly kind: "certificate"; readonly text: string }
  /** The handshake or a record; an alert from the peer, too. */
  | { readonly kind: "protocol"; readonly text: string }
  /** The stream ended without close_notify. */
  | { readonly kind: "eof"; readonly text: string }
  /** The socket. */
  | { readonly kind: "system"; readonly text: string; readonly errno: number };

const SSL_R_CERTIFICATE_VERIFY_FAILED = 134;
const SSL_R_UNEXPECTED_EOF_WHILE_READING = 294;

/**
 * Of a call that ended with SSL_ERROR_SSL.
 * @param ssl its `SSL *`
 */
export function takeTlsFault(ssl: number): TlsFault {
  const { reason, text } = takeOpenSslError();
  if (reason === SSL_R_UNEXPECTED_EOF_WHILE_READING) return { kind: "eof", text };
  if (reason !== SSL_R_CERTIFICATE_VERIFY_FAILED) return { kind: "protocol", text };
  return { kind: "certificate", text: openSsl().verifyText(openSsl().sslVerifyResult(ssl)) };
}
