/** The TLS end of a connection that was taken, as the probe's backend needs it. */
import type { Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { messageOf } from "../base/errors.js";
import { plainWords } from "../base/plain-words.js";
import type { RunCertificate } from "../proxy/run-certificate.js";

export interface SeenTls {
  readonly serverName: string | null;
  readonly protocol: string | null;
}

interface TlsEvents {
  opened(socket: TLSSocket): void;
  failed(words: string): void;
}

export function secureServer(
  { certificatePem: cert, keyPem: key }: RunCertificate,
  transport: Socket,
  { opened, failed }: TlsEvents,
): void {
  const socket = new TLSSocket(transport, {
    isServer: true,
    secureContext: createSecureContext({ cert, key }),
  });
  const onError = (error: Error): void => {
    failed(plainWords(messageOf(error)));
    transport.destroy();
  };
  transport.on("error", () => transport.destroy());
  socket.once("error", onError);
  socket.once("secure", () => {
    socket.off("error", onError);
    opened(socket);
  });
}

export function tlsOf(socket: TLSSocket): SeenTls {
  // Node types it as text alone; without SNI it is false.
  const name: string | false | null | undefined = socket.servername;
  return { serverName: name ? name : null, protocol: socket.getProtocol() };
}
