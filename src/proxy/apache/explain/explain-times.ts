/**
 * Why a WebSocket ended that nobody ended: idle times, readers that do not read.
 */
import { type Quote, quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigView } from "./config-view.js";
import { idle, idleTimes } from "./facts.js";

/** @param afterS null where it was not measured */
export function explainIdle(view: ConfigView, afterS: number | null): Explanation | null {
  const { value, quote } = idle(view);
  if (value === null) return null;
  const measured = afterS === null ? "" : `; measured ${timeWords(Math.round(afterS * 10) / 10)}`;
  return {
    cause: `${quoteAt(quote)} ends a WebSocket on which nothing is said for ${timeWords(value)}${otherTime(view)}${measured}`,
    cure: `a heartbeat from either side more often than every ${timeWords(value)}, or in the virtual host:\nTimeout 3600`,
    quotes: [quote],
  };
}

/** The one that was meant, perhaps, and that does nothing. */
function otherTime(view: ConfigView): string {
  const [client, backend] = idleTimes(view);
  if (backend === null || backend.seconds === client.seconds) return "";
  const [longer, shorter] = backend.seconds > client.seconds ? [backend, client] : [client, backend];
  return `: the larger of it and ${quoteAt(shorter.quote)} counts${longer === client ? ", which alone does nothing" : ""}`;
}

export function explainSlowReader(
  view: ConfigView,
  { reader, lost }: Extract<Symptom, { kind: "slow-reader" }>,
): Explanation | null {
  const { value, quote } = idle(view);
  if (!lost || value === null) return null;
  return {
    cause: `${quoteAt(quote)}: nothing moved for so long, since the ${reader} did not read`,
    cure: "a longer time:\nTimeout 3600",
    quotes: [quote satisfies Quote],
  };
}
