/**
 * What speaks on an upstream's port of this machine, and what its certificate is worth to a proxy.
 */
import type { X509Certificate } from "node:crypto";
import { connect as connectTcp, isIP } from "node:net";
import { resolve } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { codeOf, messageOf } from "../../base/errors.js";
import { plainWords } from "../../base/plain-words.js";
import { readSmallFile } from "../../base/read-small-file.js";
import type { DistrustedUpstream } from "../../diagnosis/symptom.js";
import type { UpstreamTls } from "../../diagnosis/written-config.js";

export interface SeenTls {
  readonly address: string;
  /** Nobody: nobody listens, or it stays silent. */
  readonly speaks: "tls" | "plain" | "nobody";
  /** Why the handshake failed, or why who checks the certificate would refuse it; null for neither. */
  readonly trouble: Pick<DistrustedUpstream, "why" | "words"> | null;
  readonly words: string;
}

const limitMs = 1000;
const noTls = /WRONG_VERSION|wrong version|packet length|UNKNOWN_PROTOCOL|HTTP_REQUEST|record layer/i;

interface Asking {
  /** How the config asks; null where it speaks no TLS. */
  readonly tls: UpstreamTls | null;
  /** That relative paths of the config start from. */
  readonly folder: string;
}

/** Shakes hands once, as the proxy would with this config. @param address `HOST:PORT` */
export function lookAtTls(address: string, { tls, folder }: Asking): Promise<SeenTls> {
  const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  const name = tls?.name ?? "";
  const ca = authorities(tls, folder);
  return new Promise((done) => {
    const settle = (speaks: SeenTls["speaks"], words: string, trouble: SeenTls["trouble"] = null): void => {
      clearTimeout(timer);
      tcp.destroy();
      done({ address, speaks, trouble, words: `${address}: ${words}` });
    };
    const timer = setTimeout(() => settle("nobody", "no TLS answer in time"), limitMs);
    const tcp = connectTcp({ host, port: Number(port) });
    const socket: TLSSocket = connect({
      socket: tcp,
      rejectUnauthorized: false,
      servername: tls?.sendsName && isIP(name) === 0 ? name : "",
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
      else settle("tls", `a TLS handshake fails (${words})`, { why: "handshake", words });
    });
    socket.on("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      const names = certificate?.subjectAltName ?? "no name";
      const words = `speaks ${socket.getProtocol()}, certificate for ${names}`;
      settle("tls", words, chainTrouble(socket) ?? nameTrouble(certificate, name));
    });
  });
}

function chainTrouble({ authorizationError }: TLSSocket): SeenTls["trouble"] {
  const code: unknown = authorizationError;
  if (code == null) return null;
  const words = String(code);
  return { why: /EXPIRED/.test(words) ? "expired" : "authority", words };
}

/** @param name that the proxy looks for; empty where it takes any */
function nameTrouble(certificate: X509Certificate | undefined, name: string): SeenTls["trouble"] {
  const isFor = isIP(name) === 0 ? certificate?.checkHost(name) : certificate?.checkIP(name);
  if (name === "" || isFor !== undefined) return null;
  return { why: "name", words: certificate?.subjectAltName ?? "no name" };
}

function authorities(tls: UpstreamTls | null, folder: string): string | null {
  if (tls === null || tls.authorities === null) return null;
  try {
    return readSmallFile(resolve(folder, tls.authorities)).toString("utf8");
  } catch {
    // Missing, or kept from this user: the proxy itself would not start, or only we cannot tell.
    return null;
  }
}
