/**
 * What will stop a Traefik, said before any load: a limit of its config, and the machine's. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../../../diagnosis/limit.js";
import { quoteWords } from "../../../diagnosis/quote.js";
import { goLimits } from "../../go-limits.js";
import { filesPerConnection, ownFiles } from "../run/template.js";
import type { ConfigView } from "./config-view.js";
import { connectionLimit } from "./facts.js";

/**
 * Ascending, what is not known last.
 * @param view of a user's config; null for the built-in one
 * @param backendAddresses of the backend that its servers stand for
 */
export function foretellLimits(
  view: ConfigView | null,
  machine: MachineLimits,
  backendAddresses: number,
): ForetoldLimit[] {
  const own = view === null ? [] : inFlight(view);
  return [...own, ...goLimits(machine, { filesPerConnection, ownFiles }, backendAddresses)].sort(byForetold);
}

function inFlight(view: ConfigView): ForetoldLimit[] {
  const limit = connectionLimit(view);
  if (limit === null) return [];
  const { value, quote, by } = limit;
  return [
    {
      name: "limit-conn",
      unit: "connections",
      foretold: value,
      directive: quoteWords(quote),
      note: `inFlightReq counts each WebSocket for as long as it lives, by ${by}; beyond it clients are answered with 429`,
      provenBy: ["limit-conn"],
      admission: {
        quote,
        isCertain: true,
        letsIn: () => value,
        oneByOne: value,
        caveat: () => null,
        cure: (count) => `amount: ${count}`,
      },
    },
  ];
}
