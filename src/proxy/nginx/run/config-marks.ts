/**
 * Marks that stand in a config for what belongs to one run only: addresses, and the user that workers run as. They
 * are filled in for every start and stay in the text that a config's digest is made of.
 */
import { createHash } from "node:crypto";
import type { BackendAddress } from "../../proxy.js";

export const marks = {
  backend: "@wsrally-backend@",
  /** The backend's TLS port. */
  backendTls: "@wsrally-backend-tls@",
  /** An upstream of the run's own, where a single address stood and the backend has several ports. */
  backendGroup: "wsrally_backend",
  /** An nginx variable that holds the backend's address. */
  backendVariable: "$wsrally_backend",
  backendTlsVariable: "$wsrally_backend_tls",
  /** The address of a listening socket: the one that is measured has number 0. */
  listen: (index: number): string => `@wsrally-listen-${index}@`,
  isListen: (address: string): boolean => /^@wsrally-listen-\d+@$/.test(address),
} as const;

interface Addresses {
  readonly backend: BackendAddress;
  /** Free ports of 127.0.0.1, one a listening socket. */
  readonly listenPorts: readonly number[];
}

export function fillMarks(text: string, { backend, listenPorts }: Addresses): string {
  const host = backend.host.includes(":") ? `[${backend.host}]` : backend.host;
  const ports = [backend.port, ...(backend.morePorts ?? [])];
  return (
    text
      // An upstream's server becomes as many as there are ports; on one line, so that nginx's line numbers stay.
      .replace(/server @wsrally-backend@([^;\n]*);/g, (_, parameters: string) =>
        ports.map((port) => `server ${host}:${port}${parameters};`).join(" "),
      )
      .replaceAll(marks.backendTls, `${host}:${backend.overTls?.port}`)
      .replaceAll(marks.backend, `${host}:${backend.port}`)
      .replace(/@wsrally-listen-(\d+)@/g, (_, index: string) => `127.0.0.1:${listenPorts[Number(index)]}`)
  );
}

export function configDigest(textWithMarks: string): string {
  return createHash("sha256").update(textWithMarks).digest("hex");
}
