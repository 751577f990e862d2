/**
 * Why no further WebSocket came in: threads of Apache, connections of a backend.
 */
import { quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { quoteOf, written } from "../language/config-tree.js";
import { type ConfigView, membersOf } from "./config-view.js";
import { isPrefork, workersOf } from "./facts.js";

type RoomEnds = Extract<Symptom, { kind: "room-ends" }>;

export function explainRoom(view: ConfigView, { opened, log }: RoomEnds): Explanation | null {
  if (log.some(({ cause }) => cause === "no-descriptors"))
    return {
      cause: `with ${opened} open a child had no open files left, two a WebSocket`,
      cure: "more open files (LimitNOFILE= in its systemd unit), or more children with fewer threads",
    };
  const member = membersOf(view).find(({ parameters }) => Number(parameters.get("max")) > 0);
  if (member !== undefined && opened < (workersOf(view)?.value ?? Number.POSITIVE_INFINITY))
    return {
      cause: `${written(member.node)}: \`max\` connections for each child process, which a WebSocket holds for as long as it lives`,
      cure: "without `max=`",
      quotes: [quoteOf(member.node)],
    };
  return explainFull(view, opened);
}

/** @param opened null where it was not counted */
export function explainFull(view: ConfigView, opened: number | null = null): Explanation | null {
  const limit = workersOf(view);
  if (limit === null) return null;
  const what = isPrefork(view) ? "a process" : "a thread";
  const seen = opened === null ? "" : `with ${opened} open `;
  const more = isPrefork(view)
    ? "the event MPM, whose threads cost less (`a2dismod mpm_prefork; a2enmod mpm_event`), and as many as there are to be WebSockets:\n"
    : "as many as there are to be WebSockets, in whole children:\n";
  const value = Math.max(1000, limit.value * 2);
  return {
    cause: `${quoteAt(limit.quote)}: Apache has ${what} for each WebSocket, and ${seen}there is none left; the kernel takes the next client, who waits without any answer`,
    cure: `${more}ServerLimit ${isPrefork(view) ? value : Math.ceil(value / 250) * 2}${isPrefork(view) ? "" : "\nThreadLimit 250\nThreadsPerChild 250"}\nMaxRequestWorkers ${isPrefork(view) ? value : Math.ceil(value / 250) * 250}`,
    quotes: [limit.quote],
  };
}
