/**
 * What keeps a config from being run at all, told from what reading or preparing it threw.
 */
import { type Finding, fault } from "../../diagnosis/finding.js";
import { quoteAt } from "../../diagnosis/quote.js";
import { ConfigRefusedError } from "../../proxy/config-refused-error.js";
import type { ProxyDriver } from "../../proxy/driver.js";

/** Null for what is none of the config's. */
export function checkRefusal(thrown: unknown, driver: ProxyDriver): Finding | null {
  const told = driver.explainRefusal(thrown);
  const words = thrown instanceof ConfigRefusedError ? thrown.words : null;
  if (told === null && words === null) return null;
  const said = words === null ? [] : words.split("; ").map((line) => `proxy said: ${line}`);
  const quoted = (told?.quotes ?? []).map((quote) => `config: ${quoteAt(quote)}`);
  return fault("config-refused", {
    side: "proxy",
    title: told?.title ?? "the proxy refuses its config",
    evidence: [...said, ...quoted],
    cause: told?.cause ?? words ?? "",
    cure: told?.cure ?? "correct the line that the proxy names",
  });
}
