/**
 * Why no further WebSocket came in: room of the process, of the frontend, of a server; limits on what one client may have.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigLine } from "../language/config-tree.js";
import type { ClientLimit } from "../route/client-limit.js";
import { clientLimits } from "./client-limits.js";
import { type ConfigView, globalLine, quoteOf, timeoutOf, written } from "./config-view.js";
import { causesOf } from "./explain-server.js";
import { frontendRoom, processRoom, serverRoom } from "./facts.js";

type RoomEnds = Extract<Symptom, { kind: "room-ends" }>;

/** The rule that lets the fewest of one client's in. */
function shareOf(view: ConfigView): ClientLimit | null {
  const limits = clientLimits(view).filter(({ criterion }) =>
    /conn_cur$/.test(criterion.expression.fetch.name),
  );
  return limits.sort((a, b) => a.value - b.value)[0] ?? null;
}

export function explainShare(view: ConfigView): Explanation | null {
  const limit = shareOf(view);
  return (
    limit && {
      cause: `${written(limit.line)}: one address may have ${limit.value} connections, and users behind one NAT or proxy share theirs`,
      cure: "a higher limit, or a key that tells users apart",
      quotes: [quoteOf(limit.line)],
    }
  );
}

export function explainRoom(view: ConfigView, { opened, how, log }: RoomEnds): Explanation | null {
  const causes = causesOf(log);
  const server = serverRoom(view);
  const limit = shareOf(view);
  if (causes.includes("no-descriptors")) return files(view);
  const status = how !== null && typeof how === "object" ? how.status : null;
  const isQueue = causes.includes("queue-timeout") || status === 503;
  if (isQueue && server !== null) return serverFull(view, server.line, opened);
  if (limit !== null && (how === "closed" || status !== null)) return explainShare(view);
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
