/**
 * One line of Caddy's log: its level, its message without what differs from line to line, and what it tells of why a
 * connection was lost. Pure. Caddy writes a JSON object a line; who reads a report gets the words of it.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { LoggedLine } from "../../../diagnosis/symptom.js";
import { goCauses } from "../../go-words.js";
import type { LogLine } from "../../proxy-diary.js";

/** `{"level":"error","ts":1.5,"logger":"http.log.error","msg":"…","request":{…},"status":502}` */
interface CaddyLine {
  readonly level?: unknown;
  readonly logger?: unknown;
  readonly msg?: unknown;
  readonly error?: unknown;
  readonly status?: unknown;
  readonly request?: { readonly method?: unknown; readonly host?: unknown; readonly uri?: unknown };
}

/** "error http.log.error: dial tcp 127.0.0.1:9: connect: connection refused [GET ws.example.com/sock 502]"; other lines stay. */
export function shownLine(line: string): string {
  const parsed = parseLine(line);
  if (parsed === null) return line;
  const { level, logger, msg, error, status, request } = parsed;
  const words = [msg, error].filter((word) => typeof word === "string" && word !== "");
  const asked =
    request === undefined
      ? ""
      : ` [${[request.method, `${request.host ?? ""}${request.uri ?? ""}`, status].filter((word) => word !== undefined).join(" ")}]`;
  const speaker = typeof logger === "string" ? `${logger}: ` : "";
  return `${level} ${speaker}${words.join(": ")}${asked}`;
}

function parseLine(line: string): CaddyLine | null {
  if (!line.startsWith("{")) return null;
  try {
    const parsed = JSON.parse(line) as CaddyLine;
    return typeof parsed.level === "string" ? parsed : null;
  } catch {
    // Cut off, or no line of its log.
    return null;
  }
}

/** What Caddy says in words; the first that fits decides. */
const rules: readonly (readonly [RegExp, LogCause])[] = [
  // Of a tunnel, at the level of debugging alone.
  [/^streaming error: .*i\/o timeout/, "idle-timeout"],
  [/^streaming error: .*(?:connection reset by peer|broken pipe)/, "connection-reset"],
  [/no upstreams available/, "no-live-upstreams"],
  ...goCauses,
  [/load complete/, "reloaded"],
];

/** @param line as `shownLine` has it */
export function readCaddyLogLine(line: string): LogLine {
  const [, level = null, speaker = "", words = line] =
    /^(debug|info|warn|error|panic|fatal) ((?:[a-z_]+(?:\.[\w-]+)*: )?)(.*)$/s.exec(line) ?? [];
  const said = words.replace(/ \[[^\]]*\]$/, "");
  const cause = rules.find(([pattern]) => pattern.test(said))?.[1] ?? null;
  return { level, message: withoutVolatile(`${speaker}${words}`), cause };
}

/** A line as reports and findings quote it. */
export function readLogLine(line: string): LoggedLine {
  return { line, shown: line, cause: readCaddyLogLine(line).cause };
}

/** Addresses, counters, and who asked for what. */
function withoutVolatile(text: string): string {
  return text
    .replace(/ \[(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|[A-Z]+) .*?( \d+)?\]$/, "$1")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?->/g, "")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, "ADDRESS")
    .replace(/\[::1?\](?::\d+)?/g, "ADDRESS")
    .replace(/\b\d{4,}\b/g, "N")
    .trim();
}
