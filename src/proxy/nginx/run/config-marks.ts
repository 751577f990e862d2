/**
 * Marks that stand in a config for what belongs to one run only: addresses, and the user that workers run as.
 */
import {
  type Addresses,
  addressMarks,
  backendAddresses,
  fillAddresses,
} from "../../instance/address-marks.js";

export const marks = {
  ...addressMarks,
  backend: "@wsrally-backend@",
  /** An upstream of the run's own, where a single address stood and the backend has several ports. */
  backendGroup: "wsrally_backend",
  /** An nginx variable that holds the backend's address. */
  backendVariable: "$wsrally_backend",
  backendTlsVariable: "$wsrally_backend_tls",
  isListen: (address: string): boolean => /^@wsrally-listen-\d+@$/.test(address),
} as const;

export function fillMarks(text: string, addresses: Addresses): string {
  const servers = backendAddresses(addresses.backend);
  const plain = text
    // An upstream's server becomes as many as there are ports; on one line, so that nginx's line numbers stay.
    .replace(/server @wsrally-backend@([^;\n]*);/g, (_, parameters: string) =>
      servers.map((address) => `server ${address}${parameters};`).join(" "),
    )
    .replaceAll(marks.backend, servers[0] as string);
  return fillAddresses(plain, addresses);
}
