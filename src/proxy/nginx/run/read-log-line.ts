/**
 * One line of nginx's error log: its level, its message without what differs from line to line, and what it tells of
 * why a connection was lost. Pure. Errors are told by number, for their words differ between C libraries; Linux's
 * numbers first, macOS's second.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { LoggedLine } from "../../../diagnosis/symptom.js";
import type { LogLine } from "../../proxy-diary.js";

/** `2026/11/23 09:38:18 [error] 12#34: *56 message`, as ngx_log_error_core writes it. */
const form = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[(\w+)\] \d+#\d+: (?:\*\d+ )?(.*)$/;
/** Where nginx begins to say for which request it was (ngx_http_log_error). */
const context = /,? (?:client|server|request|upstream|host|referrer|subrequest|login): .*$/;

const upgraded = /upgraded connection/;
const towardsUpstream = /(?:to|from|reading) upstream|upstream(?:'s)? response/;

/** The first that fits decides. */
const rules: readonly (readonly [RegExp, LogCause])[] = [
  [/worker_connections are not enough, reusing/, "connections-short"],
  [/worker_connections are not enough/, "worker-connections"],
  [/failed \((?:24|23): /, "no-descriptors"],
  [/^(?:connect|bind)\(.*failed \((?:99|49): /, "no-ports"],
  [/^connect\(.*failed \((?:111|61): /, "upstream-refused"],
  [/^connect\(.*failed \((?:110|60): /, "upstream-timeout"],
  [/^connect\(.*failed \(/, "upstream-unreachable"],
  [/upstream timed out .*upgraded connection/, "idle-timeout"],
  [/upstream timed out/, "upstream-timeout"],
  [/upstream prematurely closed connection/, "upstream-closed"],
  [/no live upstreams/, "no-live-upstreams"],
  [/could not be resolved|no resolver defined|host not found in upstream/, "name-not-found"],
  [/limiting connections by zone/, "limit-conn"],
  [/limiting requests, (?!dry run)/, "limit-req"],
  [
    /SSL_do_handshake\(\) failed.*to upstream|closed connection in SSL handshake.*to upstream/,
    "upstream-tls",
  ],
  [/upstream SSL certificate/, "upstream-tls"],
  [/SSL_do_handshake\(\) failed|closed connection in SSL handshake/, "client-tls"],
  [
    /access forbidden by rule|no user\/password was provided|password mismatch|user ".*" was not found/,
    "access-denied",
  ],
  [/upstream sent /, "upstream-answer"],
  [/client (?:prematurely )?(?:closed|timed out)|closed keepalive connection/, "client-ended"],
  [/worker process \d+ exited on signal|exited with (?:fatal )?code (?!0\b)/, "process-died"],
  [/signal 1 \(SIGHUP\).*received.*, reconfiguring/, "reloaded"],
  [/open socket #\d+ left in connection/, "sockets-left"],
  [/failed \(12: |could not allocate|no memory/, "no-memory"],
];

const brokenStream =
  /^(?:recv|send|readv|writev|SSL_read|SSL_write|SSL_shutdown)\(\) failed \((?:104|54|32): /;

/** Takes a line apart; what nginx did not write itself has neither level nor cause. */
export function readNginxLogLine(line: string): LogLine {
  const [, level, text] = form.exec(line) ?? [];
  if (level === undefined || text === undefined) return { level: null, message: line, cause: null };
  return { level, message: withoutVolatile(text), cause: causeOf(text) };
}

/** Without its stamps, and without the request that it repeats. */
export function readLogLine(line: string): LoggedLine {
  const { level, cause } = readNginxLogLine(line);
  const [, , rest = line] = form.exec(line) ?? [];
  const upstream = /, (upstream: "[^"]*")/.exec(rest)?.[1];
  const words = rest.replace(/, client: .*$/, "");
  const shown = `${level === null ? "" : `[${level}] `}${words}${upstream === undefined || words === rest ? "" : `, ${upstream}`}`;
  return { line, shown, cause };
}

function causeOf(text: string): LogCause | null {
  if (brokenStream.test(text)) {
    if (upgraded.test(text)) return "connection-reset";
    return towardsUpstream.test(text) ? "upstream-reset" : "client-ended";
  }
  return rules.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Addresses, process ids, descriptors and long numbers; not errno, signals, or how many worker_connections there are. */
function withoutVolatile(text: string): string {
  return text
    .replace(context, "")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?/gi, "ADDRESS")
    .replace(/\b(process|from|connection) \*?\d+/g, "$1 N")
    .replace(/#\d+/g, "#N")
    .replace(/excess: [\d.]+/, "excess: N")
    .replace(/(?<![\d("])\b\d{4,}\b(?! worker_connections)/g, "N");
}
