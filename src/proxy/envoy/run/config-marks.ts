/**
 * Marks that stand in a config for what belongs to one run only: hosts and ports. They are filled in for every start and
 * stay in the text that a config's digest is made of. A port is a text in JSON then, which protobuf takes for a number.
 */
import type { Addresses } from "../../instance/address-marks.js";
import { type ConfigMap, mapOf } from "../../tree/config-node.js";

export const marks = {
  backendHost: "@wsrally-backend-host@",
  /** The n-th port of wsrally's backend. */
  backendPort: (index: number): string => `@wsrally-backend-${index}@`,
  backendTlsPort: "@wsrally-backend-tls@",
  /** The port of a listener: the one that is measured has number 0. */
  listenPort: (index: number): string => `@wsrally-listen-${index}@`,
} as const;

export function fillMarks(text: string, { backend, listenPorts }: Addresses): string {
  const ports = [backend.port, ...(backend.morePorts ?? [])];
  return text
    .replaceAll(marks.backendHost, backend.host)
    .replaceAll(marks.backendTlsPort, `${backend.overTls?.port}`)
    .replace(/@wsrally-backend-(\d+)@/g, (_, index: string) => `${ports[Number(index) % ports.length]}`)
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
