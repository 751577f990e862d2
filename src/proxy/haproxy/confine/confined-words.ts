/**
 * Which keywords a stranger's config may use: those that are known to touch neither files, nor other hosts, nor processes,
 * or whose files and addresses are wsrally's own by now. Everything else is left out or refused.
 */

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** By section; a section that is not here is left out. */
export const harmless: Readonly<Record<string, ReadonlySet<string>>> = {
  global: words(`
    anonkey busy-polling close-spread-time cluster-secret cpu-map cpu-policy cpu-set fd-hard-limit grace h1-accept-payload-with-any-method
    h1-case-adjust h1-case-adjust-file h2-workaround-bogus-websocket-clients hard-stop-after http-err-codes
    http-fail-codes limited-quic max-spread-checks maxcompcpuusage maxcomprate maxconn maxconnrate maxpipes
    maxsessrate maxsslconn maxsslrate maxzlibmem mworker-max-reloads nbthread no-memory-trimming no-quic noepoll
    noevports nogetaddrinfo nokqueue nopoll noreuseport nosplice numa-cpu-mapping pp2-never-send-local prealloc-fd
    profiling.memory profiling.tasks set-var set-var-fmt spread-checks ssl-default-bind-ciphers
    ssl-default-bind-ciphersuites ssl-default-bind-client-sigalgs ssl-default-bind-curves
    ssl-default-bind-options ssl-default-bind-sigalgs ssl-default-server-ciphers
    ssl-default-server-ciphersuites ssl-default-server-client-sigalgs ssl-default-server-curves
    ssl-default-server-options ssl-default-server-sigalgs ssl-dh-param-file ssl-security-level
    ssl-server-verify ssl-skip-self-issued-ca strict-limits thread-group thread-groups thread-hard-limit
    ulimit-n warn-blocked-traffic-after`),
  cache: words("total-max-size max-object-size max-age process-vary max-secondary-entries"),
  userlist: words("user group"),
  peers: words("table"),
  "http-errors": words("errorfile"),
};

/** Of defaults, frontend, backend and listen. */
export const harmlessInProxies = words(`
  acl backlog balance bind capture clitcpka-cnt clitcpka-idle clitcpka-intvl compression cookie declare
  default-server default_backend description disabled dispatch dynamic-cookie-key enabled errorfile errorfiles
  errorloc errorloc302 errorloc303 filter force-persist fullconn guid hash-balance-factor hash-preserve-affinity
  hash-type http-after-response http-request http-response http-reuse http-send-name-header id ignore-persist
  max-keep-alive-queue max-session-srv-conns maxconn mode monitor monitor-net monitor-uri option persist
  rate-limit redirect retries retry-on server server-template srvtcpka-cnt srvtcpka-idle srvtcpka-intvl stats
  stick stick-table tcp-request tcp-response timeout unique-id-format unique-id-header use-server use_backend`);

/** Left out: of no use to a WebSocket, or dangerous to the machine, and no reason to refuse a config for. */
export const leftOut: ReadonlyMap<string, string> = new Map([
  ...["setenv", "presetenv", "unsetenv", "resetenv"].map(
    (name) => [name, "what it sets is filled in already"] as const,
  ),
  ...["ssl-engine", "ssl-mode-async", "ssl-provider", "ssl-provider-path", "ssl-propquery"].map(
    (name) => [name, "no library of the config is loaded"] as const,
  ),
  ...["httpclient.resolvers.disabled", "httpclient.resolvers.id", "httpclient.resolvers.prefer"].map(
    (name) => [name, "nobody outside is asked"] as const,
  ),
  ...[
    "httpclient.retries",
    "httpclient.ssl.ca-file",
    "httpclient.ssl.verify",
    "httpclient.timeout.connect",
  ].map((name) => [name, "nobody outside is asked"] as const),
  ...["ocsp-update.disable", "ocsp-update.httpproxy", "ocsp-update.maxdelay", "ocsp-update.mindelay"].map(
    (name) => [name, "nobody outside is asked"] as const,
  ),
  ["force-cfg-parser-pause", "it would only keep the gate waiting"],
  ["shm-stats-file", "it names a file of its machine"],
  ["stats-file", "it names a file of its machine"],
  ["source", "the backend is on loopback"],
  ["expose-experimental-directives", "a gate does without them"],
  ["expose-deprecated-directives", "a gate does without them"],
]);

/** What a rule may do, its arguments left aside. */
export const harmlessActions = words(`
  accept add-acl add-header allow auth cache-store cache-use capture close content del-acl del-header del-map deny
  disable-l7-retry early-hint expect-netscaler-cip expect-proxy inspect-delay normalize-uri pause redirect reject
  replace-header replace-path replace-pathq replace-uri replace-value return sc-add-gpc sc-inc-gpc sc-inc-gpc0
  sc-inc-gpc1 sc-set-gpt sc-set-gpt0 set-bandwidth-limit set-fc-mark set-fc-tos set-header set-log-level set-map
  set-method set-nice set-path set-pathq set-priority-class set-priority-offset set-query set-retries set-src
  set-src-port set-status set-timeout set-uri set-var set-var-fmt silent-drop strict-mode switch-mode tarpit
  track-sc track-sc0 track-sc1 track-sc2 track-sc3 unset-var wait-for-body wait-for-handshake`);

/** Options that would lead requests to where wsrally has no say. */
export const dangerousOptions = words("transparent http_proxy external-check");

export const harmlessFilters = words("compression comp-req comp-res cache bwlim-in bwlim-out");

/** Of the page of statistics, which answers for a path and so has a part in the route. */
export const harmlessStats = words("enable uri auth realm hide-version scope refresh");

/** Calls in expressions whose arguments may begin as a path does, and are texts. */
export const textCalls =
  /^(?:str|strcmp|regsub|concat|path\w*|url\w*|pathq|base\w*|hdr\w*|req\.\w+|res\.\w+|map\w*|add_item|field|word|iif|ltrim|rtrim|set-var|set-var-fmt|unset-var|set-map|del-map|add-acl|del-acl|http_auth\w*|capture\.\w+)$/;
