/**
 * How many connections the ports between a proxy and its backend allow.
 */
import type { ForetoldLimit, MachineLimits } from "../diagnosis/limit.js";

/** @param addresses of the backend that the proxy spreads its connections over */
export function upstreamPorts({ ephemeralPorts }: MachineLimits, addresses: number): ForetoldLimit[] {
  if (ephemeralPorts === null) return [];
  const one = addresses === 1;
  return [
    {
      name: "upstream-ports",
      unit: "connections",
      foretold: ephemeralPorts * addresses,
      directive: "net.ipv4.ip_local_port_range, or further servers in the upstream",
      note: `${ephemeralPorts} local ports to ${one ? "the backend's one address" : `each of the backend's ${addresses} addresses`}`,
      provenBy: ["no-ports"],
      admission: null,
    },
  ];
}
