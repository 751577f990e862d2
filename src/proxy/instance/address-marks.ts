/**
 * Marks that stand in a config for the addresses of one run. They are filled in for every start and stay in the text
 * that a config's digest is made of.
 */
import { createHash } from "node:crypto";
import type { BackendAddress, HostPort } from "../proxy.js";

export interface Addresses {
  readonly backend: BackendAddress;
  /** Free ports of where the proxy listens, one a listening socket. */
  readonly listenPorts: readonly number[];
}

export const addressMarks = {
  /** The backend's TLS port. */
  backendTls: "@wsrally-backend-tls@",
  /** The address of a listening socket: the one that is measured has number 0. */
  listen: (index: number): string => `@wsrally-listen-${index}@`,
} as const;

/** The n-th port of wsrally's backend, with its host. */
export function backendMark(index: number): string {
  return `@wsrally-backend-${index}@`;
}

/** Where a config has more of them than there are ports, it goes round. */
export function fillBackends(text: string, backend: BackendAddress): string {
  const servers = backendAddresses(backend);
  return text.replace(
    /@wsrally-backend-(\d+)@/g,
    (_, index: string) => servers[Number(index) % servers.length] as string,
  );
}

/** Fills in all but the backend's plain ports, which languages have in places of their own. */
export function fillAddresses(text: string, { backend, listenPorts }: Addresses): string {
  return text
    .replaceAll(addressMarks.backendTls, `${hostOf(backend)}:${backend.overTls?.port}`)
    .replace(
      /@wsrally-listen-(\d+)@/g,
      (_, index: string) => `${facingOf(backend)}:${listenPorts[Number(index)]}`,
    );
}

/** Addresses of the backend, the first port's first. */
export function backendAddresses(backend: BackendAddress): string[] {
  return backendPlaces(backend).map((place) => `${hostOf(place)}:${place.port}`);
}

/** The same, host and port by themselves. */
export function backendPlaces({ host, port, morePorts = [], others = [] }: BackendAddress): HostPort[] {
  return [...[port, ...morePorts].map((one) => ({ host, port: one })), ...others];
}

/** Where a proxy listens. */
export function facingOf({ facing = "127.0.0.1" }: BackendAddress): string {
  return facing;
}

function hostOf({ host }: HostPort): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Of the config with the run's own addresses and paths left out, so that equal configs have equal digests. */
export function configDigest(textWithMarks: string): string {
  return createHash("sha256").update(textWithMarks).digest("hex");
}
