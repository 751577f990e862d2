/**
 * A line of Traefik's log: its words, without what differs from line to line, and what it tells of why a connection was
 * lost. Pure. Traefik writes a JSON object a line; who reads a report gets the words of it.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { LoggedLine } from "../../../diagnosis/symptom.js";
import { goCauses } from "../../go-words.js";
import type { LogLine } from "../../proxy-diary.js";

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

/** Routes that a line says are taken, as it tells of them; null for any other line. */
export function receivedRoutes(line: string): string | null {
  const parsed = parseLine(line);
  if (parsed?.message !== "Configuration received" || parsed.providerName !== "file") return null;
  return JSON.stringify(parsed.config);
}

/** Why it does not run a config, by its last error so far: of the whole, or of one of its routers; null for none. */
export function refusalOf(log: readonly string[]): string | null {
  const last = log
    .map(shownLine)
    .filter((line) => /^(?:error|fatal) /.test(line))
    .at(-1);
  return last?.replace(around, "") ?? null;
}

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
