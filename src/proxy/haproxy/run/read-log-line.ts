/**
 * One line of what HAProxy writes: its level, its message without what differs from line to line, and what it tells of
 * why a connection was lost. Pure. A connection's line is written when it ends, with two letters for who ended it and in
 * which state (configuration.txt, "Session state at disconnection").
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { LoggedLine } from "../../../diagnosis/symptom.js";
import type { LogLine } from "../../proxy-diary.js";

/** Of syslog, by number, as `format short` writes it. */
const levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
/** `[WARNING]  (123) : message`, on stderr. */
const spoken = /^\[(NOTICE|WARNING|ALERT|DIAG)\]\s+\(\d+\) : (.*)$/;
/** `127.0.0.1:1 [date] FRONTEND BACKEND/SERVER TIMES [STATUS] BYTES [- -] FLAGS …`, of `option httplog` and `tcplog`. */
const session =
  /^\S+ \[[^\]]+\] (\S+) (\S+)\/(\S+) ([-\d+/]+) (?:(-?\d+) )?\+?\d+ (?:\S+ \S+ )?([A-Za-z-]{2})[A-Za-z-]{0,2} [\d/+]+ [\d/]+(?: .*?)?(?: "(.*?)"?)?$/;

/** What HAProxy says in words; the first that fits decides. */
const rules: readonly (readonly [RegExp, LogCause])[] = [
  [/has no server available|is DOWN|is going DOWN/, "no-live-upstreams"],
  [/reached (?:process|system) FD limit|Too many open files/, "no-descriptors"],
  [/no free ports|[Cc]annot assign requested address|source port/, "no-ports"],
  [/reached system memory limit|out of memory/, "no-memory"],
  [/SSL handshake failure|SSL client .*refused|Connection closed during SSL handshake/, "client-tls"],
  [/could not resolve address|DNS/, "name-not-found"],
  [/worker.* exited with code (?!0\b|143\b|130\b)/, "process-died"],
  [/^Reloading HAProxy/, "reloaded"],
];

interface Session {
  readonly frontend: string;
  readonly backend: string;
  readonly server: string;
  readonly status: number | null;
  /** "SC": who ended it, and in which state. */
  readonly flags: string;
  readonly request: string | null;
}

/** Takes a line apart; what HAProxy did not write itself has neither level nor cause. */
export function readHaproxyLogLine(line: string): LogLine {
  const [, level, words] = spoken.exec(line) ?? [];
  if (level !== undefined && words !== undefined)
    return { level: level.toLowerCase(), message: withoutVolatile(words), cause: causeOfWords(words) };
  const [, number, text] = /^<(\d)>(.*)$/.exec(line) ?? [];
  if (number === undefined || text === undefined) return { level: null, message: line, cause: null };
  const ended = readSession(text);
  const told = levels[Number(number)] ?? null;
  if (ended === null) return { level: told, message: withoutVolatile(text), cause: causeOfWords(text) };
  const { frontend, backend, server, status, flags, request } = ended;
  const words2 = [frontend, `${backend}/${server}`, status, flags, request].filter((word) => word !== null);
  return { level: told, message: words2.join(" "), cause: causeOfSession(ended) };
}

/** Without its level by number, as syslog has it, and without the client's port and the time. */
export function readLogLine(line: string): LoggedLine {
  const shown = line.replace(/^<\d+>/, "").replace(/^\S+:\d+ \[[^\]]+\] /, "");
  return { line, shown, cause: readHaproxyLogLine(line).cause };
}

/** Whether no rule of a frontend had a backend for the request of this line: the frontend then stands for both. */
export function foundNoBackend(line: string): boolean {
  const ended = readSession(line.replace(/^<\d>/, ""));
  return (
    ended !== null && ended.server === "<NOSRV>" && ended.flags === "SC" && ended.backend === ended.frontend
  );
}

function readSession(text: string): Session | null {
  const match = session.exec(text);
  if (match === null) return null;
  const [, frontend = "", backend = "", server = "", , status, flags = "", request] = match;
  return {
    frontend,
    backend,
    server,
    status: status === undefined ? null : Number(status),
    flags,
    request: request ?? null,
  };
}

/** By both letters where they tell more than the first alone; capitals are for ends, small letters for time-outs. */
const causesByFlags: Readonly<Record<string, LogCause>> = {
  SC: "upstream-refused",
  sC: "upstream-timeout",
  SH: "upstream-closed",
  sH: "upstream-timeout",
  PH: "upstream-answer",
  sQ: "queue-timeout",
  cR: "request-timeout",
  cD: "idle-timeout",
  sD: "idle-timeout",
  SD: "connection-reset",
  RC: "no-ports",
};

const causesByFirst: Readonly<Record<string, LogCause>> = {
  C: "client-ended",
  D: "no-live-upstreams",
  K: "proxy-stopped",
  R: "no-memory",
};

function causeOfSession({ flags, server, status }: Session): LogCause | null {
  if (server === "<NOSRV>" && flags === "SC") return "no-live-upstreams";
  if (/^P[RT]$/.test(flags) && status !== null && status !== 400 && status < 500) return "access-denied";
  return causesByFlags[flags] ?? causesByFirst[flags[0] as string] ?? null;
}

function causeOfWords(text: string): LogCause | null {
  return rules.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Addresses, process ids and counters. */
function withoutVolatile(text: string): string {
  return text
    .replace(/^\S+:\d+ \[[^\]]+\] /, "")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, "ADDRESS")
    .replace(/\(\d+\)/g, "(N)")
    .replace(/\(cumulated conns: [^)]*\)/g, "")
    .replace(/\b\d{4,}\b/g, "N")
    .trim();
}
