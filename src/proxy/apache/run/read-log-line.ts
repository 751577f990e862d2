/**
 * A line of Apache's error log: what it says without what differs from line to line, and what it tells of why a connection was
 * lost or refused. Pure.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { LoggedLine } from "../../../diagnosis/symptom.js";
import type { LogLine } from "../../proxy-diary.js";

/** Apache's own numbers of its messages, and the system's words before them; the first that fits decides. */
const rules: readonly (readonly [RegExp, LogCause])[] = [
  // A child was ended by a signal; it may have left a core.
  [/AH0005[012]: |AH00545|^child pid \d+ is gone/, "process-died"],
  [/Too many open files/, "no-descriptors"],
  [/Cannot assign requested address/, "no-ports"],
  [/Cannot allocate memory|AH03142|unable to create worker thread/, "no-memory"],
  [/AH0048[45]|AH00161|AH00288|AH10159|AH10160/, "worker-connections"],
  [/AH10223: .*\(504\)/, "idle-timeout"],
  [/AH00489|AH00163|AH00292/, "reloaded"],
  [/AH00959|AH00940|AH01167|AH01170|all workers are in error state/, "no-live-upstreams"],
  [/AH00898.*(?:DNS|lookup)|DNS lookup failure/, "name-not-found"],
  [/AH00957|AH02454|AH01114|Connection refused/, "upstream-refused"],
  [/AH00898.*(?:SSL|handshake)|AH0196[14]|AH02004|AH01097.*SSL/, "upstream-tls"],
  [/AH01102.*timeout|timeout specified has expired/, "upstream-timeout"],
  [/AH01102|AH00898|AH01097|AH01110/, "upstream-closed"],
  [/AH01144|AH01991/, "upstream-answer"],
  [/AH01630|AH01797|AH01617/, "access-denied"],
];

export function readApacheLogLine(line: string): LogLine {
  const [, level = null, said = line] = /^\[(\w+)\] (?:\[pid \d+\] )?(.*)$/s.exec(line) ?? [];
  const cause = rules.find(([pattern]) => pattern.test(said))?.[1] ?? null;
  return { level, message: withoutVolatile(said), cause };
}

/** A line as reports and findings quote it. */
export function readLogLine(line: string): LoggedLine {
  return { line, shown: line.replace(/ \[pid \d+\]/, ""), cause: readApacheLogLine(line).cause };
}

/** Addresses and processes. */
function withoutVolatile(text: string): string {
  return text
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, "ADDRESS")
    .replace(/\[::1?\](?::\d+)?/g, "ADDRESS")
    .replace(/\bpid \d+/g, "pid N")
    .replace(/\b\d{4,}\b/g, "N")
    .trim();
}
