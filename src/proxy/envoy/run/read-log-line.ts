/**
 * One line of what Envoy writes: its level, its message without what differs from line to line, and what it tells of why a
 * connection was lost. Pure. A connection's line is wsrally's own access log (own-log.ts), with Envoy's response flags and
 * details (its "Access logging" and "Response code details").
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { Log, LoggedLine } from "../../../diagnosis/symptom.js";
import type { LogLine } from "../../proxy-diary.js";

/** What was logged of one request. */
export interface AccessLine {
  /** 0 where none was sent. */
  readonly status: number;
  /** "UF,URX"; empty for none. */
  readonly flags: readonly string[];
  /** "upstream_reset_before_response_started{connection_termination}" */
  readonly details: string;
  readonly cluster: string | null;
  readonly request: string;
  /** Why the connection to the upstream failed. */
  readonly reason: string | null;
}

const access = /^\[access\] (\d+) (\S+) (.*?) cluster=(\S+) "(.*)" (\d+)ms (.*)$/;
const spoken = /^\[(\w+)\]\[(\w+)\] (.*)$/;

function readAccessLine(line: string): AccessLine | null {
  const match = access.exec(line);
  if (match === null) return null;
  const [, status = "0", flags = "-", details = "-", cluster = "-", request = "-", , reason = "-"] = match;
  return {
    status: Number(status),
    flags: flags === "-" ? [] : flags.split(","),
    details,
    cluster: cluster === "-" ? null : cluster,
    request,
    reason: reason === "-" ? null : reason,
  };
}

/** What was logged of an answer; the last one where several were. */
export function accessLine(log: Log, status: number | null): AccessLine | null {
  const lines = log.flatMap(({ line }) => readAccessLine(line) ?? []);
  return lines.findLast((line) => status === null || line.status === status) ?? null;
}

/** By flag; the first that fits decides. A 101 with DC or UC is a WebSocket that one end has closed. */
const causesByFlag: readonly (readonly [string, LogCause])[] = [
  ["UH", "no-live-upstreams"],
  ["UO", "limit-conn"],
  ["SI", "idle-timeout"],
  ["DT", "lifetime"],
  ["UMSDR", "lifetime"],
  ["UT", "upstream-timeout"],
  ["UF", "upstream-refused"],
  ["UC", "upstream-closed"],
  ["UR", "upstream-reset"],
  ["UPE", "upstream-answer"],
  ["RL", "limit-req"],
  ["RLSE", "limit-req"],
  ["UAEX", "access-denied"],
  ["OM", "no-memory"],
  ["NC", "no-live-upstreams"],
  ["DO", "limit-req"],
  ["UDO", "limit-req"],
  ["DF", "name-not-found"],
  ["DPE", "bad-request"],
  ["IH", "bad-request"],
  ["FI", "fault-injected"],
  ["DC", "client-ended"],
  ["DR", "client-ended"],
];

/** What Envoy says in words. */
const rules: readonly (readonly [RegExp, LogCause])[] = [
  [/Too many open files|accept.* failed.*descriptor/i, "no-descriptors"],
  [/Cannot assign requested address/i, "no-ports"],
  [/out of memory|bad_alloc/i, "no-memory"],
  [/Caught (?:Segmentation|Abort)|caught SIG(?:SEGV|ABRT)|assert failure/i, "process-died"],
];

/** Takes a line apart; what Envoy did not write itself has neither level nor cause. */
export function readEnvoyLogLine(line: string): LogLine {
  const asked = readAccessLine(line);
  if (asked !== null) {
    const { status, flags, details, cluster, reason } = asked;
    const words = [
      status,
      flags.join(",") || null,
      withoutVolatile(details),
      cluster,
      reason && withoutVolatile(reason),
    ];
    return { level: null, message: words.filter((word) => word !== null).join(" "), cause: causeOf(asked) };
  }
  const [, level = null, , text = line] = spoken.exec(line) ?? [];
  return {
    level,
    message: withoutVolatile(text),
    cause: rules.find(([pattern]) => pattern.test(text))?.[1] ?? null,
  };
}

export function readLogLine(line: string): LoggedLine {
  return { line, shown: line.replace(/^\[\w+\]\[(\w+)\] /, ""), cause: readEnvoyLogLine(line).cause };
}

function causeOf({ status, flags, details, reason }: AccessLine): LogCause | null {
  if (/^max_duration_timeout/.test(details)) return "lifetime";
  if (/rbac_access_denied|ext_authz_denied|jwt_authn|invalid_credential|no_credential/.test(details))
    return "access-denied";
  if (/rate_limited/.test(details)) return "limit-req";
  const told = `${details} ${reason ?? ""}`;
  if (flags.includes("UF")) {
    if (/TLS_error|SSL|CERTIFICATE/i.test(told)) return "upstream-tls";
    if (/Cannot_assign_requested_address/i.test(told)) return "no-ports";
    if (/connection_timeout/.test(told)) return "upstream-timeout";
    if (/unreachable/i.test(told)) return "upstream-unreachable";
  }
  if (status === 101 && flags.some((flag) => flag === "UC" || flag === "UR")) return "connection-reset";
  return causesByFlag.find(([flag]) => flags.includes(flag))?.[1] ?? null;
}

/** Addresses, numbers of connections and times. */
function withoutVolatile(text: string): string {
  return text
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, "ADDRESS")
    .replace(/\b\d{4,}\b/g, "N")
    .trim();
}
