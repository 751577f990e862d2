/**
 * A line of Traefik's log: its words, without what differs from line to line, and what it tells of why a connection was
 * lost. Pure. Traefik writes a JSON object a line; who reads a report gets the words of it.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { LoggedLine } from "../../../diagnosis/symptom.js";
import { goCauses } from "../../go-words.js";
import type { LogLine } from "../../proxy-diary.js";
import { anyReadyPath } from "./template.js";

/** `{"level":"debug","error":"dial tcp …","caller":"…/proxy.go:199","message":"502 Bad Gateway"}` */
interface TraefikLine {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly error?: unknown;
  readonly providerName?: unknown;
  readonly routerName?: unknown;
  readonly config?: unknown;
}

/** "debug 502 Bad Gateway: dial tcp 127.0.0.1:9: connect: connection refused"; lines that are no object stay. */
export function shownLine(line: string): string {
  const parsed = parseLine(line);
  if (parsed === null) return line;
  const { level, message, error, routerName } = parsed;
  const words = [message, error].filter((word) => typeof word === "string" && word !== "");
  const where = typeof routerName === "string" ? ` [${routerName}]` : "";
  return `${level} ${words.join(": ").replaceAll(/\s+/g, " ").trim()}${where}`;
}

/**
 * Which routes a line says are taken, by the path that tells them apart; null for any other line, and for routes that are none
 * of wsrally's: of a file that was read while it was written.
 */
export function receivedRoutes(line: string): string | null {
  const parsed = parseLine(line);
  if (parsed?.message !== "Configuration received" || parsed.providerName !== "file") return null;
  return anyReadyPath.exec(JSON.stringify(parsed.config))?.[0] ?? null;
}

/**
 * Why it does not run a config, by its errors so far, the latest last: of the whole, or of its routers.
 * @param routers those that count; null for all, and for whatever else it takes for an error
 */
export function refusalsOf(log: readonly string[], routers: readonly string[] | null): string[] {
  return log.filter((line) => isRefusal(line, routers)).map((line) => shownLine(line).replace(around, ""));
}

function isRefusal(line: string, routers: readonly string[] | null): boolean {
  const parsed = parseLine(line);
  if (parsed === null || !/^(?:error|fatal|panic)$/.test(String(parsed.level))) return false;
  if (routers === null) return true;
  const name =
    typeof parsed.routerName === "string"
      ? /(?:^|-conflicted-)([^@]+)@file$/.exec(parsed.routerName)?.[1]
      : null;
  if (typeof name === "string") return routers.includes(name);
  return parsed.level !== "error" || ofAll.test(String(parsed.message));
}

/** What concerns all of it. */
const ofAll =
  /^(?:Command error|Error while building configuration|Error occurred during watcher callback|Cannot start the provider)/;

/** What is said around the reason, and tells nothing. */
const around =
  /^(?:error|fatal) (?:Command error: command traefik error: |Error while building configuration \(for the first time\): |Error occurred during watcher callback: )?/;

function parseLine(line: string): TraefikLine | null {
  if (!line.startsWith("{")) return null;
  try {
    const parsed = JSON.parse(line) as TraefikLine;
    return typeof parsed.level === "string" ? parsed : null;
  } catch {
    // Cut off, or no line of its log.
    return null;
  }
}

const rules: readonly (readonly [RegExp, LogCause])[] = [
  [/^Configuration received/, "reloaded"],
  [/no available server/, "no-live-upstreams"],
  [/max connections reached/, "limit-conn"],
  [/^Rejecting IP|^Authentication failed/, "access-denied"],
  ...goCauses,
];

/** @param line as `shownLine` has it */
export function readTraefikLogLine(line: string): LogLine {
  const [, level = null, said = line] = /^(debug|info|warn|error|panic|fatal) (.*)$/s.exec(line) ?? [];
  const cause = rules.find(([pattern]) => pattern.test(said))?.[1] ?? null;
  return { level, message: withoutVolatile(said), cause };
}

/** A line as reports and findings quote it. */
export function readLogLine(line: string): LoggedLine {
  return { line, shown: line, cause: readTraefikLogLine(line).cause };
}

/** Addresses and counters. */
function withoutVolatile(text: string): string {
  return text
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:->)?/g, "ADDRESS")
    .replace(/(?:ADDRESS)+/g, "ADDRESS")
    .replace(/\[::1?\](?::\d+)?/g, "ADDRESS")
    .replace(/\b\d{4,}\b/g, "N")
    .trim();
}
