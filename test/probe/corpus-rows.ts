/**
 * The corpus: for each config what the probe must say. `faults` are all there may be; `warnings` must be among those
 * given, and `not` must not.
 */
import type { FindingId } from "#wsrally/diagnosis/finding.js";

export interface CorpusRow {
  readonly file: string;
  readonly path?: string;
  readonly backendPath?: string;
  readonly faults: readonly FindingId[];
  /** Instead on an nginx from or before the version. */
  readonly otherwise?: {
    readonly from?: string;
    readonly before?: string;
    readonly faults: readonly FindingId[];
    readonly says?: RegExp;
  };
  /** Instead of `faults` on an nginx before 1.29.7, where HTTP/1.0 is the default to upstreams. */
  readonly faultsBefore1297?: readonly FindingId[];
  readonly warnings?: readonly FindingId[];
  /** Well, with a word on what people get wrong about it. */
  readonly notes?: readonly FindingId[];
  /** Not even a note. */
  readonly quietNotes?: readonly FindingId[];
  readonly not?: readonly FindingId[];
  /** Of cause or cure of the first fault, or of the first warning that must be. */
  readonly says?: RegExp;
  /** Must not stand in any fault or warning, evidence included. */
  readonly never?: RegExp;
  /** For one that answers nothing: it is not waited for again and again. */
  readonly connectionsMost?: number;
  /** Not with --quick. */
  readonly slow?: true;
  /** What it shows another row shows as well, if not of the same words. */
  readonly isNightly?: true;
}

/** Good ones are not to be warned about either, but for the upstream, which nobody has started. */
const quiet = [
  "other-routes",
  "header-host",
  "header-origin",
  "header-forwarded",
  "upgrade-hard-coded",
  "subprotocol",
  "extensions",
  "cookies",
  "route",
  "upstream-tls",
  "request-head",
  "response-head",
  "refusal",
  "small-messages",
  "reload",
  "limit-conn",
  "limit-req",
  "worker-connections",
  "idle-timeout",
  "buffering",
] as const satisfies readonly FindingId[];

function good(file: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return { file: `good-${file}`, faults: [], not: quiet, ...more };
}

/** One of many that a probe has to find nothing in, which takes it longest. */
function goodByNight(file: string, more: Partial<CorpusRow> = {}): CorpusRow {
  return { ...good(file, more), isNightly: true };
}

function refused(file: string, says: RegExp): CorpusRow {
  return { file: `refused-${file}`, faults: ["config-refused"], says };
}

function before(version: string, says: RegExp): NonNullable<CorpusRow["otherwise"]> {
  return { before: version, faults: ["config-refused"], says };
}

function template(file: string, says: RegExp): CorpusRow {
  return { ...refused(file, says), never: /semicolon/ };
}

/** Good, and refused by an nginx before this version. */
function newer(file: string, version: string, says: RegExp): CorpusRow {
  return { file: `refused-${file}`, faults: [], not: quiet, otherwise: before(version, says) };
}

const lost = { faults: ["upgrade-headers"], not: ["path"] } as const;

export const corpus: readonly CorpusRow[] = [
  good("site"),
  goodByNight("full"),
  goodByNight("dedicated-location"),
  goodByNight("exact-location"),
  goodByNight("regex-location"),
  good("nested-location", { path: "/app/sock" }),
  goodByNight("http-level-headers"),
  goodByNight("server-level-headers"),
  good("include"),
  goodByNight("two-servers"),
  good("redirect-beside-tls"),
  goodByNight("keepalive-upstream"),
  goodByNight("two-upstreams"),
  good("request-uri", { path: "/sock?room=1" }),
  goodByNight("same-uri"),
  goodByNight("root-slash"),
  goodByNight("host-variable"),
  goodByNight("client-connection"),
  goodByNight("long-timeout"),
  goodByNight("buffer-size"),
  goodByNight("limit-elsewhere"),
  goodByNight("tls-upstream"),
  goodByNight("tls-upstream-name"),
  good("tls-upstream-group"),
  goodByNight("tls-upstream-variable"),
  good("auth-request"),
  goodByNight("wildcard-name"),
  goodByNight("regex-name"),
  good("ipv6"),
  good("http2-tls"),
  goodByNight("no-effect"),
  good("sticky"),
  goodByNight("hash"),
  goodByNight("error-page"),
  good("if"),
  good("address-list"),
  goodByNight("satisfy"),
  goodByNight("resolver"),
  goodByNight("keepalive-map"),
  good("newer-aside"),
  goodByNight("host-port"),
  goodByNight("host-two-ports"),
  goodByNight("forwarded-host"),
  goodByNight("sticky-address", { path: "/socket.io/", quietNotes: ["stickiness"] }),
  goodByNight("sticky-spare", { path: "/socket.io/", quietNotes: ["stickiness"] }),
  good("other-locations", {
    path: "/ws",
    notes: ["other-routes"],
    says: /one other location passes Upgrade on.*`location \/notify`.*`location \/api\/` at .* proxies without Upgrade/s,
  }),
  goodByNight("other-redirect", { quietNotes: ["other-routes"] }),
  {
    file: "good-limit-req",
    faults: [],
    warnings: ["limit-req"],
    not: quiet.filter((id) => id !== "limit-req"),
  },
  goodByNight("try-files", { path: "/cable" }),
  good("error-page-upgrade"),
  good("rewrite-internal", { path: "/live/1", backendPath: "/app/1" }),
  goodByNight("passenger-beside", { path: "/cable" }),
  good("part-logs"),
  goodByNight("bare-location", { path: "/app" }),
  goodByNight("bare-upstream", { path: "/live/websocket" }),
  good("bare-pass"),
  { file: "bare-no-upgrade", ...lost, says: /location \/jupyter\// },
  {
    file: "upstream-alone",
    faults: ["route"],
    says: /without the server or the location/,
    never: /[1-9] servers/,
  },
  {
    file: "no-upgrade",
    ...lost,
    faultsBefore1297: ["upgrade-headers", "http-version"],
    says: /hop-by-hop.*proxy_set_header Upgrade \$http_upgrade/s,
  },
  { file: "no-connection", ...lost, says: /nothing sets Connection/ },
  {
    file: "no-upgrade-tight-location",
    path: "/sock",
    ...lost,
    faultsBefore1297: ["upgrade-headers", "http-version"],
    says: /in `location ~\^\/sock` at .*no-upgrade-tight-location\.conf:4/,
  },
  { file: "no-upgrade-header", ...lost, says: /hop-by-hop/ },
  { file: "connection-close", ...lost, says: /sets Connection to close/ },
  { file: "connection-empty", ...lost, says: /sets Connection to ""/ },
  { file: "map-inverted", ...lost, says: /by the map at/ },
  {
    file: "headers-shadowed",
    ...lost,
    says: /headers-shadowed\.conf:5.*inherits none from the blocks around it/s,
  },
  { file: "other-location", path: "/sock", ...lost, says: /`location \/ws`/ },
  { file: "upgrade-misspelt", ...lost, says: /\$http_upgarde/ },
  {
    file: "try-files-named",
    path: "/cable",
    ...lost,
    faultsBefore1297: ["upgrade-headers", "http-version"],
    says: /try_files \$uri @puma` at .*:7 hands the request to `location @puma` at .*:9.*in `location @puma`/s,
    never: /in `location \/`/,
  },
  {
    file: "try-files-headers",
    path: "/cable",
    ...lost,
    says: /nginx takes proxy_set_header from there.*in `location @puma`/s,
    never: /together they|in `location \/` at [^,]*:\n/,
  },
  {
    file: "error-page-upgrade",
    ...lost,
    says: /error_page 418 = @socket` at .*:4 hands the request to `location @socket`.*in `location @socket`/s,
  },
  { file: "caret", ...lost, says: /the \^~ of `location \^~ \/api\/` at .*:4 keeps regular expressions out/ },
  { file: "exact-first", path: "/ws", ...lost, says: /were `location = \/ws` at .*:4 not exact/ },
  { file: "own-server-loses", ...lost, says: /in `location \/` at .*own-server-loses\.conf:18/ },
  {
    file: "upgrade-by-map",
    ...lost,
    says: /made for Connection.*proxy_set_header Upgrade \$http_upgrade;$/s,
    never: /by the map|map \$http_upgrade/,
  },
  {
    file: "connection-by-upgrade",
    ...lost,
    says: /\$http_upgrade is made for Upgrade.*Connection "upgrade";$/s,
  },
  { file: "upgrade-literal", ...lost, says: /comes to Upgrade: upgrade.*Upgrade \$http_upgrade;$/s },
  { file: "quotes-typographic", ...lost, says: /typographic.*Connection "upgrade";$/s },
  {
    file: "upgrade-hidden",
    faults: ["upgrade"],
    says: /proxy_hide_header Upgrade` at .*:11.*take the line/s,
  },
  {
    file: "limit-conn-server",
    faults: [],
    warnings: ["limit-conn"],
    says: /all clients of the server share.*limit_conn_zone \$binary_remote_addr zone=perserver:1m;/s,
    never: /behind one address/,
  },
  {
    file: "limit-conn-user",
    faults: [],
    warnings: ["limit-conn"],
    says: /the same \$cookie_session/,
    never: /behind one address/,
  },
  {
    file: "port-8443-plain",
    faults: [],
    warnings: ["tls-scheme"],
    says: /nothing, where TLS ends before nginx/,
  },
  {
    file: "port-443-behind",
    faults: [],
    warnings: ["tls-scheme"],
    says: /proxy_protocol` at .* tells of TLS before/,
  },
  {
    file: "good-site",
    faults: [],
    notes: ["idle-timeout"],
    says: /nothing is said for 60s.*good-site\.conf:4/s,
  },
  good("workers", {
    notes: ["worker-connections", "idle-timeout"],
    says: /one of the 4 workers may take all WebSockets, and has room for 2,?04\d.*good-workers\.conf:2, .*:6/s,
  }),
  {
    file: "host-port-lost",
    faults: [],
    warnings: ["header-host"],
    says: /without the port of listen 444.*\$http_host/s,
  },
  { file: "host-port-lost-nameless", faults: [], warnings: ["header-host"], says: /listen 8080/ },
  {
    file: "forwarded-host-port",
    faults: [],
    warnings: ["header-host"],
    says: /X-Forwarded-Host arrives as app\.example\.com, and Origin names app\.example\.com:8443/,
  },
  { file: "response-subprotocol", faults: [], warnings: ["response-head"], says: /token in its subprotocol/ },
  {
    file: "sticky-missing",
    path: "/socket.io/?EIO=4&transport=websocket",
    faults: [],
    notes: ["stickiness"],
    says: /spread over 2 servers: socket\.io needs ip_hash or hash.*`upstream nodes` at .*:2/s,
  },
  { file: "sticky-missing", path: "/chat", faults: [], quietNotes: ["stickiness"], isNightly: true },
  {
    file: "sticky-wandering",
    path: "/socket.io/",
    faults: [],
    notes: ["stickiness"],
    says: /hash \$request_uri consistent` at .*:3 differs from request to request/,
  },
  { file: "other-name-taken", faults: ["other-routes"], says: /conflicting server name.*:2 answers/s },
  {
    file: "other-tls-lacks",
    path: "/ws",
    faults: [],
    warnings: ["other-routes"],
    says: /may open wss:\/\/ alone/,
  },
  {
    file: "other-location-lacks",
    path: "/ws",
    faults: [],
    warnings: ["other-routes"],
    says: /another location with a WebSocket's path.*`location \/socket\.io\/`/s,
  },
  { file: "http10", faults: ["http-version"], says: /proxy_http_version 1\.0/ },
  {
    file: "http10-default",
    faults: [],
    faultsBefore1297: ["http-version"],
    not: ["upgrade-headers", "upgrade"],
    says: /1\.1 by default since 1\.29\.7/,
  },
  { file: "http2", faults: ["http-version"], faultsBefore1297: ["config-refused"] },
  { file: "hard-coded-everywhere", faults: ["upgrade-hard-coded"], says: /map \$http_upgrade/ },
  { file: "hard-coded-dedicated", faults: [], warnings: ["upgrade-hard-coded"] },
  { file: "hard-coded-exact", path: "/", faults: [], warnings: ["upgrade-hard-coded"], isNightly: true },
  { file: "trailing-slash", path: "/sock/", faults: ["path"], says: /the trailing slash/ },
  { file: "trailing-slash", path: "/sock/", backendPath: "/", faults: [], not: ["path"], isNightly: true },
  { file: "uri-replaced", faults: ["path"], says: /\/backend/ },
  { file: "double-slash", faults: ["path"], says: /the trailing slash/ },
  { file: "rewrite", faults: ["path"], says: /rewrite/ },
  { file: "query-dropped", path: "/sock?room=1", faults: ["path"], says: /proxy_pass/ },
  { file: "query-empty", path: "/live", backendPath: "/connection/ws", faults: [], not: ["path"] },
  { file: "query-empty", path: "/live?token=1", backendPath: "/connection/ws?token=1", faults: [] },
  {
    file: "query-variable",
    path: "/vai?token=1",
    backendPath: "/ws?token=1",
    faults: ["path"],
    says: /the query is lost.*proxy_pass http:\/\/\$app\/ws\$is_args\$args;/s,
    never: /leave the URI|--backend-path/,
  },
  {
    file: "query-variable",
    path: "/vai?token=1",
    backendPath: "/ws",
    faults: ["path"],
    says: /no token=\*\*\*/,
  },
  {
    file: "query-rewrite",
    path: "/ws/chat?vsn=2.0.0",
    backendPath: "/chat",
    faults: ["path"],
    says: /vsn=\*\*\*.*rewrite \^\/ws\/\(\.\*\)\$ \/\$1 break;/s,
  },
  { file: "query-gained", path: "/ws", faults: [], notes: ["path"], says: /gains via=\*\*\*.*rewrite/s },
  { file: "query-gained", path: "/ws?a=1&b=2", faults: [], notes: ["path"], isNightly: true },
  {
    file: "double-slash",
    path: "/sock/ws",
    faults: ["path"],
    says: /\/sock\/ws arrives as \/\/ws.*location \/sock\/ \{ proxy_pass http:\/\/127\.0\.0\.1:8080\/; \}/s,
    never: /--backend-path/,
  },
  { file: "no-route", path: "/sock", faults: ["route"], says: /has no proxy_pass; `location \/ws` has one/ },
  { file: "static-home", path: "/sock", faults: ["route"], says: /`location \/`/ },
  {
    file: "try-files-404",
    path: "/ws",
    faults: ["route"],
    says: /looks for a file before proxy_pass is asked.*take try_files out of `location \/ws`/s,
    never: /give the path a location/,
  },
  {
    file: "try-files-php",
    path: "/ws",
    connectionsMost: 4,
    faults: ["route"],
    says: /hands the request to `location ~ .*fastcgi_pass unix:.*\(--path\): `location \^~ \/push\/` has one/s,
  },
  {
    file: "lua-answers",
    path: "/ws",
    faults: ["route"],
    says: /`content_by_lua_block` at .*:5 answers by code of its own.*take the code out of this location/s,
  },
  { file: "passenger-answers", faults: ["route"], says: /`passenger_enabled on` at .*:6.*Action Cable/s },
  { file: "redirect-https", faults: ["route"], says: /wss:\/\// },
  { file: "redirect-slash", path: "/sock", faults: ["route"], says: /trailing slash/ },
  {
    file: "own-server-refuses",
    faults: ["route"],
    says: /nothing here says why: it passes to the server at .*:6, which may/,
  },
  { file: "auth-basic", faults: ["route"], says: /auth_basic Staff/ },
  { file: "deny", faults: ["route"], says: /deny all/ },
  { file: "return-444", faults: ["route"], says: /return 444/ },
  { file: "no-proxy-pass", faults: ["route"], says: /proxy_pass/ },
  { file: "host-lost", faults: [], warnings: ["header-host"], not: ["header-origin"], says: /\$proxy_host/ },
  {
    file: "host-lost-inherited",
    faults: [],
    warnings: ["header-host"],
    says: /beside the proxy_set_header at .*:6:\nproxy_set_header Host/,
  },
  { file: "no-upgrade-inherited", ...lost, says: /beside the proxy_set_header at / },
  { file: "origin-removed", faults: ["header-origin"], says: /x\/net\/websocket answers 403/ },
  { file: "origin-changed", faults: [], warnings: ["header-origin"] },
  { file: "forwarded-missing", faults: [], warnings: ["header-forwarded"], not: ["header-host"] },
  { file: "subprotocol-removed", faults: ["subprotocol"] },
  { file: "subprotocol-hidden", faults: ["subprotocol"], says: /proxy_hide_header/ },
  { file: "extensions-removed", faults: [], warnings: ["extensions"] },
  { file: "accept-hidden", faults: ["upgrade"], says: /proxy_hide_header/ },
  {
    file: "no-request-headers",
    faults: ["upgrade", "header-origin", "subprotocol", "cookies"],
    says: /proxy_pass_request_headers off/,
  },
  { file: "no-key", faults: ["upgrade"], says: /Sec-WebSocket-Key/ },
  { file: "verify-client", faults: ["route"], says: /ssl_verify_client on/ },
  { file: "cookie-removed", faults: ["cookies"] },
  { file: "set-cookie-hidden", faults: ["cookies"], says: /proxy_hide_header Set-Cookie/ },
  { file: "cookie-path", faults: [], warnings: ["cookies"] },
  {
    file: "tls-upstream-no-sni",
    faults: [],
    warnings: ["upstream-tls"],
    not: ["header-host"],
  },
  { file: "tls-upstream-old-protocol", faults: ["upstream-tls"], says: /proxy_ssl_protocols TLSv1\.2/ },
  { file: "response-head", faults: [], warnings: ["response-head"], says: /proxy_buffer_size 1k/ },
  { file: "request-head", faults: [], warnings: ["request-head"], says: /large_client_header_buffers 2 2k/ },
  { file: "intercept-errors", faults: [], warnings: ["refusal"], says: /proxy_intercept_errors on/ },
  { file: "no-resolver", faults: ["upstream"], says: /resolver 127\.0\.0\.53;/ },
  { file: "resolver-unknown", faults: [], warnings: ["upstream"] },
  { file: "grpc-location", path: "/sock", faults: ["route"], says: /grpc_pass grpc:\/\/127\.0\.0\.1:8080/ },
  { file: "fastcgi-only", faults: ["route"], says: /proxy_pass alone can pass an upgrade on/ },
  { file: "address-list", faults: [], warnings: ["route"], says: /allow 10\.0\.0\.0\/8/ },
  { file: "auth-basic-and-path", faults: ["route", "path"], says: /auth_basic Staff/ },
  { file: "return-in-if", faults: ["route"], says: /`return 418` at .*:\d+, in an `if` at/ },
  { file: "rewrite-away", path: "/sock", faults: ["route"], says: /rewrite \^\/sock\$ \/app last/ },
  { file: "nodelay-off", faults: [], warnings: ["small-messages"], says: /TCP_NODELAY/ },
  { file: "map-no-default", ...lost, says: /has no default.*default upgrade/s },
  { file: "http2-cleartext", faults: [], faultsBefore1297: ["route"] },
  { file: "workers", faults: [], warnings: ["worker-connections"], slow: true },
  { file: "workers-reuseport", faults: [], warnings: ["worker-connections"], slow: true, isNightly: true },
  { file: "limit-conn", faults: [], warnings: ["limit-conn"], slow: true },
  { file: "limit-req", faults: [], warnings: ["limit-req"], says: /random wait/ },
  { file: "limit-req-tight", faults: [], warnings: ["limit-req"], isNightly: true },
  { file: "own-server", faults: [], warnings: ["worker-connections"], slow: true },
  { file: "worker-connections", faults: [], warnings: ["worker-connections"], slow: true, isNightly: true },
  { file: "idle-short", faults: [], warnings: ["idle-timeout"], says: /heartbeat/ },
  { file: "buffering-off", faults: [], notes: ["buffering"] },
  { file: "shutdown-timeout", faults: [], warnings: ["reload"], slow: true },
  { file: "port-443-plain", faults: ["tls-scheme"], says: /listen 443 ssl/ },
  { file: "upstream-closed", faults: [], warnings: ["upstream"] },
  { file: "upstream-unknown", faults: [], warnings: ["upstream"] },
  refused("upstream-in-server", /beside server \{ \}/),
  refused("misspelt", /proxy_set_header is meant/),
  refused("misspelt-proxy-pass", /proxy_pass is meant/),
  refused("no-semicolon", /semicolon/),
  refused("no-brace", /\} is missing/),
  refused("no-map", /map \$http_upgrade \$connection_upgrade/),
  refused("ws-scheme", /http:\/\//),
  refused("regex-uri", /regular expression/),
  refused("duplicate-location", /two locations/),
  refused("unknown-zone", /limit_conn_zone/),
  refused("no-events", /events/),
  refused("server-outside-http", /in http/),
  refused("no-certificate", /ssl_certificate/),
  refused("missing-include", /not there/),
  refused("bad-value", /times such as 60s/),
  refused("version-in-if", /not in an if/),
  refused("map-hash", /it must stand before the first map, above .*refused-map-hash\.conf:2:/),
  refused("twice", /set twice in one block: at .*:5 and again at .*:7/),
  refused("curves", /no X25519Kyber768Draft00.*ssl_ecdh_curve X25519:prime256v1;/s),
  refused("ciphers", /TLS 1\.3's own/),
  refused("cache-zone", /proxy_cache_path .*keys_zone=assets:10m/),
  refused("foreign-module", /which is not built into this nginx/),
  refused("no-ascii", /U\+00A0.*type the word anew: proxy_pass/s),
  { ...refused("resolve-no-zone", /zone app 64k;/), otherwise: before("1.27.3", /resolve` of `server`/) },
  {
    ...newer("http2-on", "1.25.1", /listen 443 ssl http2;\nlisten \[::\]:443 ssl http2;/),
    never: /http is meant/,
  },
  newer("resolve", "1.27.3", /invalid parameter "resolve".*1\.27\.3/s),
  newer("keepalive-local", "1.29.7", /take the word out:\nkeepalive 16;/),
  {
    file: "refused-ssl-on",
    faults: [],
    otherwise: {
      from: "1.25.1",
      faults: ["config-refused"],
      says: /taken out in nginx 1\.25\.1.*listen 443 default_server ssl;/s,
    },
  },
  refused("log-format", /the log format main_json is never defined/),
  refused("part-limit", /limit_req_zone \$binary_remote_addr zone=chat:10m rate=10r\/s;/),
  refused("part-map", /map \$http_upgrade \$connection_upgrade/),
  template("template", /unexpected "\{".*`\{\{ nginx_extra .*:4/s),
  template("template-address", /invalid port in "%ip%:%proxy_port%".*`listen %ip%:%proxy_port%` at .*:3/s),
  template("template-literal", /`location \$\{WS_PATH\}` at .*:4.*takes it as it stands/s),
  template("template-url", /`proxy_pass \$BACKEND_URL` at .*:4/),
  refused("byte-order-mark", /byte-order mark/),
  refused("byte-order-mark-included", /byte-order mark/),
  refused("utf16", /UTF-16/),
];
