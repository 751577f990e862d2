/**
 * Why a WebSocket ended that nobody ended: idle times, reloads; and why no further one came in.
 */
import { quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type ConfigLine, sectionText } from "../language/config-tree.js";
import { clientLimits } from "./client-limits.js";
import { type ConfigView, globalLine, quoteOf, timeoutOf, timeWords, written } from "./config-view.js";
import { frontendRoom, idle, processRoom, serverRoom } from "./facts.js";

/** A day's quiet tabs live through it, and dead peers do not stay for ever. */
const usualTunnel = "timeout tunnel 1h";

export function explainIdle(view: ConfigView, afterS: number): Explanation | null {
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
    cause: `${quoteAt(quote)} ends a WebSocket on which nothing is said for ${timeWords(value)}${why}${ignored}; measured ${timeWords(Math.round(afterS * 10) / 10)}`,
    cure: `a heartbeat from either side more often than every ${timeWords(value)}, or in ${sectionText(backend)}:\n${usualTunnel}`,
    quotes: [quote],
  };
}

export function explainReload(view: ConfigView, afterS: number): Explanation | null {
  const line = globalLine(view, "hard-stop-after");
  if (line === null) return null;
  return {
    cause: `${written(line)}: the old process leaves its connections that long after a reload, and then ends them without a close frame; measured ${timeWords(Math.round(afterS * 10) / 10)}`,
    cure: "a longer one, spread out so that not all clients come back at once:\nhard-stop-after 1h\nclose-spread-time 5m",
    quotes: [quoteOf(line)],
  };
}

type RoomEnds = Extract<Symptom, { kind: "room-ends" }>;

export function explainRoom(view: ConfigView, { opened, how, log }: RoomEnds): Explanation | null {
  const causes = log.flatMap(({ cause }) => (cause === null ? [] : [cause]));
  const server = serverRoom(view);
  const limit = clientLimits(view).find(({ criterion }) => /conn_cur$/.test(criterion.expression.fetch.name));
  if (causes.includes("no-descriptors")) return files(view);
  const isQueue = causes.includes("queue-timeout") || (typeof how === "object" && how.status === 503);
  if (isQueue && server !== null) return serverFull(view, server.line, opened);
  if (limit !== undefined && (how === "closed" || typeof how === "object"))
    return {
      cause: `${written(limit.line)}: one address may have ${limit.value} connections, and users behind one NAT or proxy share theirs`,
      cure: "a higher limit, or a key that tells users apart",
      quotes: [quoteOf(limit.line)],
    };
  const [least] = [frontendRoom(view), processRoom(view), server]
    .filter((one) => one !== null)
    .sort((a, b) => a.value - b.value);
  if (least === undefined) return files(view);
  if (least.line === server?.line) return serverFull(view, least.line, opened);
  return {
    cause: `${written(least.line)}: with ${opened} open HAProxy accepts no more; the kernel does, and the next client waits without any answer`,
    cure: `as many as there are to be WebSockets, in ${least.line === frontendRoom(view)?.line ? "the frontend" : "global"}; two open files each:\nmaxconn NUMBER`,
    quotes: [quoteOf(least.line)],
  };
}

function serverFull(view: ConfigView, line: ConfigLine, opened: number): Explanation {
  const queue = timeoutOf(view, view.backend, "queue") ?? timeoutOf(view, view.backend, "connect");
  const wait = queue === null ? "" : `, until ${written(queue.line)} answers it with 503`;
  return {
    cause: `${written(line)}: with ${opened} open the next one waits in a queue${wait}; a WebSocket keeps its place for as long as it lives`,
    cure: "a maxconn counted in open WebSockets, or none at the server",
    quotes: [quoteOf(line)],
  };
}

function files(view: ConfigView): Explanation | null {
  const line = globalLine(view, "ulimit-n");
  return {
    cause: `${line === null ? "`ulimit -n`" : written(line)}: HAProxy makes its room of the open files that it may have, two a WebSocket`,
    cure: "more open files (LimitNOFILE= in its systemd unit), and in global:\nmaxconn NUMBER",
    quotes: line === null ? [] : [quoteOf(line)],
  };
}
