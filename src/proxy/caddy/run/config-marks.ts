/**
 * Marks that stand in a config for what belongs to one run only: addresses. They are filled in for every start and stay
 * in the text that a config's digest is made of.
 */
import { createHash } from "node:crypto";
import type { BackendAddress } from "../../proxy.js";

export const marks = {
  /** The n-th port of wsrally's backend, with its host. */
  backend: (index: number): string => `@wsrally-backend-${index}@`,
  backendTls: "@wsrally-backend-tls@",
  /** The port of a listening socket on 127.0.0.1: the one that is measured has number 0. */
  port: (index: number): string => `@wsrally-port-${index}@`,
} as const;

interface Addresses {
  readonly backend: BackendAddress;
  /** Free ports of 127.0.0.1, one a listening socket. */
  readonly listenPorts: readonly number[];
}

export function fillMarks(text: string, { backend, listenPorts }: Addresses): string {
  const host = backend.host.includes(":") ? `[${backend.host}]` : backend.host;
  const ports = [backend.port, ...(backend.morePorts ?? [])];
  return text
    .replaceAll(marks.backendTls, `${host}:${backend.overTls?.port}`)
    .replace(
      /@wsrally-backend-(\d+)@/g,
      (_, index: string) => `${host}:${ports[Number(index) % ports.length]}`,
    )
    .replace(/@wsrally-port-(\d+)@/g, (_, index: string) => String(listenPorts[Number(index)]));
}

export function configDigest(textWithMarks: string): string {
  return createHash("sha256").update(textWithMarks).digest("hex");
}
