/**
 * Why a WebSocket ended that nobody ended: idle times, reloads, readers that do not read.
 */

import { quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { sectionText } from "../language/config-tree.js";
import { type ConfigView, globalLine, quoteOf, timeoutOf, written } from "./config-view.js";
import { idle } from "./facts.js";

/** A day's quiet tabs live through it, and dead peers do not stay for ever. */
const usualTunnel = "timeout tunnel 1h";

/** "; measured 2s", where it was. */
function measured(afterS: number | null): string {
  return afterS === null ? "" : `; measured ${timeWords(Math.round(afterS * 10) / 10)}`;
}

/** @param afterS null where it was not measured */
export function explainIdle(view: ConfigView, afterS: number | null): Explanation | null {
  const { value, quote } = idle(view);
  const { backend, route } = view;
  if (value === null || backend === null) return null;
  const tunnel = timeoutOf(view, backend, "tunnel");
  const misplaced = route?.frontend.lines.find(
    ({ name, args }) => name === "timeout" && args[0] === "tunnel",
  );
  const ignored =
    tunnel === null && misplaced !== undefined && route?.frontend !== backend
      ? `; ${written(misplaced)} has no effect in a frontend`
      : "";
  const why =
    tunnel === null
      ? `, for no \`timeout tunnel\` holds in ${sectionText(backend)}: then the shorter of \`timeout client\` and \`timeout server\` counts`
      : "";
  return {
    cause: `${quoteAt(quote)} ends a WebSocket on which nothing is said for ${timeWords(value)}${why}${ignored}${measured(afterS)}`,
    cure: `a heartbeat from either side more often than every ${timeWords(value)}, or in ${sectionText(backend)}:\n${usualTunnel}`,
    quotes: [quote],
  };
}

/** @param afterS likewise */
export function explainReload(view: ConfigView, afterS: number | null): Explanation | null {
  const line = globalLine(view, "hard-stop-after");
  if (line === null) return null;
  return {
    cause: `${written(line)}: the old process leaves its connections that long after a reload, and then ends them without a close frame${measured(afterS)}`,
    cure: "a longer one, spread out so that not all clients come back at once:\nhard-stop-after 1h\nclose-spread-time 5m",
    quotes: [quoteOf(line)],
  };
}

/** What is lost of it is lost to a time-out: HAProxy holds one buffer a direction, and leaves the rest with the sender. */
export function explainSlowReader(
  view: ConfigView,
  { reader, lost }: Extract<Symptom, { kind: "slow-reader" }>,
): Explanation | null {
  const { value, quote } = idle(view);
  if (!lost || value === null) return null;
  return {
    cause: `${quoteAt(quote)}: nothing moved for so long, since the ${reader} did not read`,
    cure: `a longer time${view.backend === null ? "" : ` in ${sectionText(view.backend)}`}:\n${usualTunnel}`,
    quotes: [quote],
  };
}
