/**
 * Marks that stand in a config for the addresses of one run.
 */
import {
  type Addresses,
  addressMarks,
  backendMark,
  facingOf,
  fillAddresses,
  fillBackends,
} from "../../instance/address-marks.js";

export const marks = {
  backend: backendMark,
  backendTls: addressMarks.backendTls,
  /** The port of a listening socket on 127.0.0.1: the one that is measured has number 0. */
  port: (index: number): string => `@wsrally-port-${index}@`,
} as const;

export function fillMarks(text: string, addresses: Addresses): string {
  const facing = facingOf(addresses.backend);
  return fillAddresses(fillBackends(text, addresses.backend), addresses)
    .replace(/^(\s*bind) 127\.0\.0\.1$/m, `$1 ${facing}`)
    .replace(/127\.0\.0\.1(?=:@wsrally-port-)/g, facing)
    .replace(/@wsrally-port-(\d+)@/g, (_, index: string) => String(addresses.listenPorts[Number(index)]));
}
