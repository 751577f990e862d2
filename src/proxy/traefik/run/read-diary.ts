/**
 * Traefik's log of one trial as a diary.
 */
import { groupLines, type ProxyDiary } from "../../proxy-diary.js";
import { readTraefikLogLine, receivedRoutes, shownLine } from "./read-log-line.js";

/** Said at every start and stop, and of every connection that went well; of `debug`, what failed begins with a status. */
const idle =
  /^info |^debug (?!\d{3} |Configuration received|.*(?:TLS handshake error|Accept error|max connections reached|Rejecting IP|Authentication failed))|^warn (?:Traefik can reject some encoded|aliasHeadersStrategy is not)|^\s*$/;

/** What is worth to be told of a log, in words: of routes that are taken those that are other than the ones before. */
export function toldLines(log: readonly string[]): string[] {
  let routes: string | null = null;
  return log.flatMap((line) => {
    const received = receivedRoutes(line);
    if (received !== null) {
      const isReload = routes !== null && received !== routes;
      routes = received;
      return isReload ? [shownLine(line)] : [];
    }
    const shown = shownLine(line);
    return idle.test(shown) || shown === "debug Configuration received" ? [] : [shown];
  });
}

/** @param lines as `toldLines` has them */
export function readTraefikDiary(lines: readonly string[]): ProxyDiary {
  const entries = groupLines(lines, readTraefikLogLine);
  return {
    lines,
    entries,
    deaths: lines.filter((line) => readTraefikLogLine(line).cause === "process-died"),
    reloads: entries.filter(({ cause }) => cause === "reloaded").reduce((sum, { count }) => sum + count, 0),
  };
}
