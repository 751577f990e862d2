/**
 * What a config says of times, room and limits where a WebSocket goes through it.
 */
import { availableParallelism } from "node:os";
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import { type Quote, quoteAt, type Stated } from "../../../diagnosis/quote.js";
import type { ConfigLine } from "../language/config-tree.js";
import { effective, secondsOf } from "../language/effective.js";
import { filesPerConnection } from "../run/template.js";
import { findClientLimits } from "./client-limits.js";
import { type ConfigView, globalLine, quoteOf, serverParameter, timeoutOf } from "./config-view.js";

export function factsOf(view: ConfigView): ConfigFacts {
  return {
    workers: threads(view),
    idleS: idle(view),
    shutdownS: shutdown(view),
    room: room(view),
    ...findClientLimits(view),
    backlog: backlog(view),
    filesPerConnection,
  };
}

/** Unless written, one for each processor that it may use. */
function threads(view: ConfigView): number {
  const line = globalLine(view, "nbthread");
  const given = Number(line?.args[0]);
  return Number.isInteger(given) && given > 0 ? given : availableParallelism();
}

/** After the 101 `timeout tunnel` counts, of the backend alone; without it the shorter of both sides' own. */
export function idle(view: ConfigView): Stated<number | null> {
  const [shortest] = (view.route?.stages ?? [])
    .flatMap(({ frontend, backend }) => {
      const tunnel = timeoutOf(view, backend, "tunnel");
      return tunnel === null
        ? [timeoutOf(view, frontend, "client"), timeoutOf(view, backend, "server")]
        : [tunnel];
    })
    .filter((time) => time !== null)
    .sort((a, b) => a.seconds - b.seconds);
  return shortest === undefined
    ? { value: null, quote: unset("no `timeout tunnel`, `timeout client` or `timeout server` is set: never") }
    : { value: shortest.seconds, quote: quoteOf(shortest.line) };
}

function shutdown(view: ConfigView): Stated<number | null> {
  const line = globalLine(view, "hard-stop-after");
  const seconds = line === null ? null : secondsOf(line.args[0] ?? "");
  return line === null || seconds === null
    ? {
        value: null,
        quote: unset("`hard-stop-after` is not set: an old process stays until its last connection ends"),
      }
    : { value: seconds, quote: quoteOf(line) };
}

/** The tightest of the three: of the process, of the frontend, of the servers together. All threads share it. */
function room(view: ConfigView): ConfigFacts["room"] {
  const found = [processRoom(view), frontendRoom(view), serverRoom(view)].filter((limit) => limit !== null);
  const [least] = found.sort((a, b) => a.value - b.value);
  if (least === undefined) return null;
  const { value, quote } = least;
  const words = found.map(
    (limit) =>
      `config: ${quoteAt(limit.quote)}: room for ${limit.value} WebSocket${limit.value === 1 ? "" : "s"}`,
  );
  return { value, quote, oneByOne: value, parts: 1, words };
}

export function processRoom(view: ConfigView): (Stated<number> & { readonly line: ConfigLine }) | null {
  return limitOf(globalLine(view, "maxconn"), 0);
}

/** Of its own line, or of the `bind` that the WebSocket comes in by. */
export function frontendRoom(view: ConfigView): (Stated<number> & { readonly line: ConfigLine }) | null {
  const { frontend = null, bind = null } = view.route ?? {};
  if (frontend === null) return null;
  const whole = limitOf(effective(frontend, view.tree, ["maxconn"]), 0);
  const at = bind?.args.indexOf("maxconn") ?? -1;
  const one = at === -1 ? null : limitOf(bind, at + 1);
  return one !== null && (whole === null || one.value < whole.value) ? one : whole;
}

/** Null where a server takes as many as come. */
export function serverRoom(view: ConfigView): (Stated<number> & { readonly line: ConfigLine }) | null {
  const limits = view.servers.map((server) => serverParameter(view, server, "maxconn"));
  const numbers = limits.map((limit, index) => Number(limit?.value ?? 0) * countOf(view.servers[index]));
  const [first] = limits;
  if (first === undefined || first === null || numbers.some((number) => !(number > 0))) return null;
  const value = numbers.reduce((sum, number) => sum + number, 0);
  return { value, quote: quoteOf(first.line), line: first.line };
}

/** `server-template w 1-3 …` stands for three. */
export function countOf(server: ConfigLine | undefined): number {
  if (server?.name !== "server-template") return 1;
  const [first = 1, last] = (server.args[1] ?? "").split("-").map(Number);
  return last === undefined ? first : last - first + 1;
}

function limitOf(
  line: ConfigLine | null,
  at: number,
): (Stated<number> & { readonly line: ConfigLine }) | null {
  const value = Number(line?.args[at]);
  return line === null || !(value > 0) ? null : { value, quote: quoteOf(line), line };
}

/** Unless written, as many as the frontend may have connections (listener_backlog in HAProxy's listener.c). */
function backlog(view: ConfigView): Stated<number> {
  const { bind = null, frontend = null } = view.route ?? {};
  const at = bind?.args.indexOf("backlog") ?? -1;
  if (bind !== null && at !== -1) return { value: Number(bind.args[at + 1]), quote: quoteOf(bind) };
  const line = frontend === null ? null : effective(frontend, view.tree, ["backlog"]);
  const given = limitOf(line, 0) ?? frontendRoom(view) ?? processRoom(view);
  if (given !== null) return { value: given.value, quote: given.quote };
  return { value: defaultBacklog, quote: unset("`backlog` is not set: as many as `maxconn`") };
}

const defaultBacklog = 1024;

function unset(text: string): Quote {
  return { text, place: null };
}
