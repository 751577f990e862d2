/**
 * Why a proxy keeps clients that died without a word: by its own limit of silence, and by the kernel's patience with those
 * that it sends to (net.ipv4.tcp_retries2 in Documentation/networking/ip-sysctl.rst).
 */
import { quoteAt, type Stated } from "./quote.js";
import type { Explanation } from "./written-config.js";

/** @param cure what this proxy has for it, in words; from the second line on what to paste */
export function explainDead({ quote }: Stated<number | null>, cure: string): Explanation {
  return {
    cause: `no end of theirs arrives: the silent go by a limit of silence (${quoteAt(quote)}), or by probes of TCP where the proxy asks for them; those that the backend goes on sending to go when TCP gives up, after a quarter of an hour`,
    cure,
    quotes: [quote],
  };
}
