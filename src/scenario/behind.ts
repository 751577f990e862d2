/**
 * Where wsrally's backends stand behind a proxy that somebody else runs: `ADDRESS:PORT[,…]`, as its upstream has it.
 */
import { isIPv6 } from "node:net";
import { z } from "zod";

export interface BehindAddress {
  /** An IP address or a name. */
  readonly host: string;
  readonly port: number;
}

/** What can stand in a header and in a query as it is. */
export const tokenPattern = /^[A-Za-z0-9._~-]{8,128}$/;
export const tokenWords = "8 to 128 letters, digits, dots, dashes, underscores or tildes";

export const behindKeys = {
  behind: z
    .string()
    .refine((text) => readBehind(text) !== null, "want ADDRESS:PORT, or several with commas between")
    .describe(
      "Where wsrally's backend listens, as the upstream of a proxy has it that somebody else runs: for arms that are URLs",
    ),
  token: z
    .string()
    .regex(tokenPattern, `want ${tokenWords}`)
    .describe(
      "What a run's own handshakes are known by there, as given to a wsrally backend that runs there already (drawn)",
    ),
};

/** @returns null for what is no list of addresses, each with a port and each once */
export function readBehind(text: string): BehindAddress[] | null {
  const read = text.split(",").map((one) => readAddress(one.trim()));
  const addresses = read.filter((address) => address !== null);
  const isWhole = addresses.length === read.length && new Set(addresses.map(behindText)).size === read.length;
  return isWhole ? addresses : null;
}

/** As it was given. */
export function behindText({ host, port }: BehindAddress): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function readAddress(text: string): BehindAddress | null {
  const [, bracketed, bare, digits] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (bracketed !== undefined && !isIPv6(bracketed)) return null;
  const host = bracketed ?? bare;
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port };
}
