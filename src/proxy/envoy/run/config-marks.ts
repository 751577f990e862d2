/**
 * Marks that stand in a config for what belongs to one run only: hosts and ports. They are filled in for every start and
 * stay in the text that a config's digest is made of. A port is a text in JSON then, which protobuf takes for a number.
 */
import { type Addresses, backendPlaces, facingOf } from "../../instance/address-marks.js";
import type { HostPort } from "../../proxy.js";
import { type ConfigMap, mapOf } from "../../tree/config-node.js";

export const marks = {
  backendHost: "@wsrally-backend-host@",
  /** The n-th port of wsrally's backend. */
  backendPort: (index: number): string => `@wsrally-backend-${index}@`,
  backendTlsPort: "@wsrally-backend-tls@",
  /** The port of a listener: the one that is measured has number 0. */
  listenPort: (index: number): string => `@wsrally-listen-${index}@`,
} as const;

/** An address and its port, as `backendAddress` and `listenAddress` make them and JSON prints them. */
const onBackend = /("address":\s*")@wsrally-backend-host@(",\s*"port_value":\s*")@wsrally-backend-(\d+)@/g;
const onListener = /("address":\s*")127\.0\.0\.1(",\s*"port_value":\s*"@wsrally-listen-)/g;

export function fillMarks(text: string, { backend, listenPorts }: Addresses): string {
  const places = backendPlaces(backend);
  const placeOf = (index: string): HostPort => places[Number(index) % places.length] as HostPort;
  return text
    .replace(onBackend, (_, begin: string, between: string, index: string) => {
      const { host, port } = placeOf(index);
      return `${begin}${host}${between}${port}`;
    })
    .replace(onListener, (_, begin: string, rest: string) => `${begin}${facingOf(backend)}${rest}`)
    .replaceAll(marks.backendHost, backend.host)
    .replaceAll(marks.backendTlsPort, `${backend.overTls?.port}`)
    .replace(/@wsrally-listen-(\d+)@/g, (_, index: string) => `${listenPorts[Number(index)]}`);
}

/** Of a listener, or of what connects to one. */
export function listenAddress(index: number): ConfigMap {
  return mapOf({ socket_address: { address: "127.0.0.1", port_value: marks.listenPort(index) } });
}

/** @param port one of the marks */
export function backendAddress(port: string): ConfigMap {
  return mapOf({ socket_address: { address: marks.backendHost, port_value: port } });
}
