/**
 * Marks that stand in a config for the addresses of one run.
 */
import {
  type Addresses,
  addressMarks,
  backendMark,
  fillAddresses,
  fillBackends,
} from "../../instance/address-marks.js";

export const marks = { ...addressMarks, backend: backendMark } as const;

/** For words about a config, which has other addresses in every run. */
export function withoutMarks(text: string): string {
  return text.replace(/@wsrally-(?:listen-\d+|backend-\w+)@/g, "…");
}

export function fillMarks(text: string, addresses: Addresses): string {
  return fillAddresses(fillBackends(text, addresses.backend), addresses);
}
