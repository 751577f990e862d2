/**
 * What stick tables allow one client: rules that turn it away beyond a number of connections, or a rate of them.
 */
import type { ConfigFacts, HandshakeLimit, KeyedLimit } from "../../../diagnosis/config-facts.js";
import type { ConfigLine } from "../language/config-tree.js";
import { scopesOf, secondsOf } from "../language/effective.js";
import { type ClientLimit, limitsIn } from "../route/client-limit.js";
import type { Criterion } from "../route/criterion.js";
import { type ConfigView, quoteOf } from "./config-view.js";

export function clientLimits({ tree, route, backend }: ConfigView): readonly ClientLimit[] {
  const sections = [route?.frontend ?? null, backend].filter((section) => section !== null);
  return [...new Set(sections)].flatMap((section) => {
    const lines = scopesOf(section, tree).flatMap((scope) => scope.lines);
    return lines.flatMap((line) => limitsIn(line, lines));
  });
}

/** The tightest of each kind. */
export function findClientLimits(view: ConfigView): Pick<ConfigFacts, "connectionLimit" | "handshakeLimit"> {
  const limits = [...clientLimits(view)].sort((a, b) => a.value - b.value);
  const most = limits.find(({ criterion }) => criterion.expression.fetch.name.endsWith("conn_cur"));
  const rate = limits.find(({ isRate }) => isRate);
  return {
    connectionLimit: most === undefined ? null : { value: most.value, ...keyOf(view, most) },
    handshakeLimit: rate === undefined ? null : rateOf(view, rate),
  };
}

function keyOf(
  view: ConfigView,
  { line, criterion }: ClientLimit,
): Pick<KeyedLimit<number>, "quote" | "by" | "holdsForAll" | "definition"> {
  const table = stickTable(view);
  return {
    quote: quoteOf(line),
    by: trackedBy(view, criterion),
    holdsForAll: true,
    definition: table === undefined ? null : quoteOf(table),
  };
}

/** A stick table counts over a period that moves along: so many may come at once, and again when it is over. */
function rateOf(view: ConfigView, limit: ClientLimit): HandshakeLimit {
  const period = periodOf(view, limit.criterion);
  const seconds = secondsOf(period) ?? 1;
  return {
    value: `${limit.value} per ${period}`,
    ...keyOf(view, limit),
    perS: limit.value / seconds,
    burst: limit.value,
    delays: false,
  };
}

/** What `track-sc0 KEY` counts by. */
function trackedBy(view: ConfigView, { expression }: Criterion): string {
  const { name, args } = expression.fetch;
  if (name.startsWith("src_")) return "src";
  const number = /^sc(\d)_/.exec(name)?.[1] ?? args[0] ?? "0";
  const line = tracking(view, number);
  const at = line?.args.findIndex((word) => word.startsWith("track-sc")) ?? -1;
  return line?.args[at + 1] ?? "src";
}

function tracking({ tree }: ConfigView, number: string): ConfigLine | undefined {
  return tree
    .flatMap(({ lines }) => lines)
    .find(({ args }) => args.some((word) => word === `track-sc${number}`));
}

function stickTable({ tree }: ConfigView): ConfigLine | undefined {
  return tree.flatMap(({ lines }) => lines).find(({ name }) => name === "stick-table");
}

function periodOf({ tree }: ConfigView, { expression }: Criterion): string {
  const kind = /(conn_rate|http_req_rate|sess_rate|glitch_rate)$/.exec(expression.fetch.name)?.[1] ?? "";
  const words = tree
    .flatMap(({ lines }) => lines)
    .flatMap(({ name, args }) => (name === "stick-table" ? args : []));
  const stored = new RegExp(`${kind}\\(([^)]+)\\)`);
  return words.map((word) => stored.exec(word)?.[1]).find((period) => period !== undefined) ?? "1s";
}
