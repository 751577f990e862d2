/**
 * Marks that stand in a config for the addresses of one run.
 */
import {
  type Addresses,
  addressMarks,
  backendAddresses,
  fillAddresses,
} from "../../instance/address-marks.js";

export const marks = {
  ...addressMarks,
  /** The n-th port of wsrally's backend. */
  backend: (index: number): string => `@wsrally-backend-${index}@`,
} as const;

/** For words about a config, which has other addresses in every run. */
export function withoutMarks(text: string): string {
  return text.replace(/@wsrally-(?:listen-\d+|backend-\w+)@/g, "…");
}

export function fillMarks(text: string, addresses: Addresses): string {
  const servers = backendAddresses(addresses.backend);
  const plain = text.replace(
    /@wsrally-backend-(\d+)@/g,
    (_, index: string) => servers[Number(index) % servers.length] as string,
  );
  return fillAddresses(plain, addresses);
}
