/**
 * What will stop a Caddy, said before any load: the number of requests that its config lets be under way at an upstream, if it
 * sets one, and the machine's limits. How far each is true the search shows. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../../../diagnosis/limit.js";
import { quoteWords } from "../../../diagnosis/quote.js";
import { goLimits } from "../../go-limits.js";
import { filesPerConnection, ownFiles } from "../run/template.js";
import type { ConfigView } from "./config-view.js";
import { roomOf } from "./facts.js";

/**
 * Ascending, what is not known last.
 * @param backendAddresses of the backend that its upstreams stand for
 */
export function foretellLimits(
  view: ConfigView,
  machine: MachineLimits,
  backendAddresses: number,
): ForetoldLimit[] {
  const found = goLimits(machine, { filesPerConnection, ownFiles }, backendAddresses);
  return [...requests(view), ...found].sort(byForetold);
}

function requests(view: ConfigView): ForetoldLimit[] {
  const room = roomOf(view);
  if (room === null) return [];
  const { value, quote } = room;
  return [
    {
      name: "unhealthy-request-count",
      unit: "connections",
      foretold: value,
      directive: quoteWords(quote),
      note: "for each upstream; beyond it one is taken for down, and requests are answered with 503",
      provenBy: ["no-live-upstreams"],
      admission: {
        quote,
        isCertain: true,
        letsIn: () => value,
        oneByOne: value,
        caveat: () => null,
        cure: (count) => `unhealthy_request_count ${count}`,
      },
    },
  ];
}
