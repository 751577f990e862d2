/**
 * What Go's net and http say of connections, for the logs of proxies that are written in Go.
 */
import type { LogCause } from "../diagnosis/log-cause.js";

/** By the words of an error; the first that fits decides. */
export const goCauses: readonly (readonly [RegExp, LogCause])[] = [
  [/too many open files/, "no-descriptors"],
  [/cannot assign requested address/, "no-ports"],
  [/cannot allocate memory|out of memory/, "no-memory"],
  [/^panic:|^fatal error:/, "process-died"],
  [/TLS handshake error from/, "client-tls"],
  [/no such host|server misbehaving|Temporary failure in name resolution/, "name-not-found"],
  [/connection refused/, "upstream-refused"],
  [/network is unreachable|no route to host|host is unreachable/, "upstream-unreachable"],
  [/does not look like a TLS handshake|x509: |remote error: tls|tls: /, "upstream-tls"],
  [/i\/o timeout|timeout awaiting response headers|context deadline exceeded/, "upstream-timeout"],
  [/context canceled/, "client-ended"],
  [
    /malformed HTTP|unsupported protocol|unexpected status|ACK frame|backend tried to switch/,
    "upstream-answer",
  ],
  [/connection reset by peer|broken pipe/, "upstream-reset"],
  [/\bEOF\b/, "upstream-closed"],
];
