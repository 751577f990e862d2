/**
 * Errors of sockets, TLS and the `ws` package into failure kinds, by their stable codes.
 */
import { codeOf, messageOf } from "../base/errors.js";
import { plainWords } from "../base/plain-words.js";
import { closeCodeOfWsError } from "../websocket/ws-limits.js";
import type { ConnectionFault } from "./engine.js";
import type { FailureKind } from "./failure.js";

const kindsByCode: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  ECONNABORTED: "reset",
  EMFILE: "no-descriptors",
  ENFILE: "no-descriptors",
  EADDRNOTAVAIL: "no-ports",
  ETIMEDOUT: "upgrade-timeout",
  EPROTO: "tls",
};

/** The stream of an open WebSocket has ended: code 1006 stands for that and never travels (RFC 6455, 7.1.5). */
/** Whoever cut it knows why. */
export const cutByUs: ConnectionFault = { kind: "eof", code: null, detail: "cut by the client" };

export const endedBare: ConnectionFault = {
  kind: "eof",
  code: null,
  detail: "ended without a close frame (1006)",
};

/** A close frame came. @param code null when it carried none (1005 to an API: RFC 6455, 7.1.5) */
export function peerClosed(code: number | null, reason: string): ConnectionFault {
  const words = reason === "" ? "" : ` "${reason}"`;
  return {
    kind: "closed",
    code,
    detail: `closed ${code === null ? "without a code" : `with code ${code}`}${words}`,
  };
}

/** The upgrade was not answered in time. */
export function unansweredWithin(limitMs: number): ConnectionFault {
  return { kind: "upgrade-timeout", code: null, detail: `not answered within ${limitMs / 1000} s` };
}

/** A fault of the socket itself, by its errno's name. */
export function faultOfCode(code: string): ConnectionFault {
  return { kind: kindsByCode[code] ?? "reset", code: null, detail: code };
}

/** @param isOpen whether the upgrade had been done, which tells a broken handshake from a broken stream */
export function classifyError(error: Error, isOpen: boolean): ConnectionFault {
  const code = codeOf(error);
  const detail = plainWords(messageOf(error));
  return { kind: kindOf(code, detail, isOpen), code: closeCodeOfWsError(code), detail };
}

function kindOf(code: string | undefined, detail: string, isOpen: boolean): FailureKind {
  // Node gives an end before the answer the code of a reset, and these words.
  if (detail === "socket hang up") return "eof";
  const known = code === undefined ? undefined : kindsByCode[code];
  if (known !== undefined) return known;
  if (code?.startsWith("WS_ERR_")) return "protocol";
  if (isTlsCode(code)) return "tls";
  if (isOpen) return "protocol";
  return "upgrade-invalid";
}

/** OpenSSL's verification results and Node's own TLS errors. */
function isTlsCode(code: string | undefined): boolean {
  return (
    code !== undefined &&
    /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_)/.test(code)
  );
}
