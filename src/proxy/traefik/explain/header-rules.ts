/**
 * What middlewares do to headers on the way of a WebSocket. Those of a 101 come to the client as the backend sent them.
 */
import type { Quote } from "../../../diagnosis/quote.js";
import { quoteEntry } from "../../tree/quote-entry.js";
import { mapAt } from "../language/fields.js";
import { type ConfigView, middlewaresOfType } from "./config-view.js";

/** Rules of `customRequestHeaders` for a header, which set it, or take it away where they are empty. */
export function requestRules(view: ConfigView, header: string): Quote[] {
  return middlewaresOfType(view, "headers").flatMap(({ settings }) =>
    (mapAt(settings, "customRequestHeaders")?.entries ?? [])
      .filter(({ key }) => key.toLowerCase() === header.toLowerCase())
      .map((entry) => quoteEntry(entry)),
  );
}
